with

lines as (
    select * from {{ source('unica', 'unica_other_records') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.record_type,
    lines.line,
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
