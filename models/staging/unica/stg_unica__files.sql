with

lines as (
    select * from {{ source('unica', 'unica_files') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.establishment,
    lines.movement_id,
    lines.layout_version,
    lines.administrator,
    lines.process_type,

    -- time
    {{ iso_date('lines.file_date') }} as file_date,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
