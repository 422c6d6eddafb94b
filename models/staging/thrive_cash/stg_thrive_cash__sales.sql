with

lines as (
    select * from {{ source('thrive_cash', 'thrive_cash_sales') }}
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
    {{ number_as_name('lines.orderid') }} as order_id,
    {{ number_as_name('lines.customerid') }} as customer_id,

    -- money
    {{ minor_units('lines.prediscountgrossproductsales', 'currencies.minor_unit_factor') }} as gross_sales_minor,
    currencies.currency,

    -- weight of the order, in the source's unit
    cast(lines.orderweight as decimal(18, 6)) as order_weight,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
left join currencies on {{ ascii_upper('documents.currency') }} = currencies.currency
