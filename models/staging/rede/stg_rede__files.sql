with

lines as (
    select * from {{ source('rede', 'rede_files') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    replace(lines.layout, 'rede-', '') as file_type,
    lines.establishment,
    lines.merchant_name,
    cast(lines.sequence as bigint) as sequence_number,
    lines.process_type,
    lines.layout_version,

    -- time
    {{ iso_date('lines.emission_date') }} as emission_date,
    {{ iso_date('lines.movement_date') }} as movement_date,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
