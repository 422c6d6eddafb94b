with

lines as (
    select * from {{ source('thrive_cash', 'thrive_cash_transactions') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    {{ number_as_name('lines.trans_id') }} as trans_id,
    {{ native_code('lines.tctype') }} as kind,
    {{ number_as_name('lines.customerid') }} as customer_id,
    {{ number_as_name('lines.orderid') }} as order_id,
    {{ clean_text('lines.reason') }} as reason,

    -- money
    {{ minor_units('lines.amount', 'currencies.minor_unit_factor') }} as amount_minor,
    currencies.currency,

    -- time
    {{ utc_timestamp('lines.createdat', 'documents.time_zone') }} as created_at,
    {{ utc_timestamp('lines.expiredat', 'documents.time_zone') }} as expires_at,
    {{ local_date(utc_timestamp('lines.createdat', 'documents.time_zone'), 'documents.time_zone') }} as business_date,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
left join currencies on {{ ascii_upper('documents.currency') }} = currencies.currency
