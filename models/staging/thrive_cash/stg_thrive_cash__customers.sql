with

lines as (
    select * from {{ source('thrive_cash', 'thrive_cash_customers') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    {{ number_as_name('lines.customerid') }} as customer_id,
    {{ clean_text('lines.email') }} as email_hash,
    {{ clean_text('lines.firstname') }} as first_name_hash,
    {{ number_as_name('lines.billingpostcode') }} as billing_postcode,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
