with

lines as (
    select * from {{ source('cielo', 'cielo_files') }}
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
    lines.file_type,
    cast(lines.sequence as bigint) as sequence_number,
    lines.sequence = '9999999' as is_resend,
    lines.layout_version,
    lines.transmission,

    -- time
    {{ iso_date('lines.processing_date') }} as processing_date,
    {{ iso_date('lines.period_start') }} as period_start,
    {{ iso_date('lines.period_end') }} as period_end,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
