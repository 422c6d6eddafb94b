with

lines as (
    select * from {{ source('rede', 'rede_orders') }}
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
    lines.record_type,
    lines.establishment,
    lines.summary_number,
    lines.nsu,
    lines.authorization_code,
    lines.tid,
    lines.order_id,

    -- time
    {{ iso_date('lines.sale_date') }} as sale_date,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
