with

lines as (
    select * from {{ source('square', 'square_payments') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    'payment' as record,
    {{ clean_text('lines.payment_id') }} as native_id,
    'payment' as native_type,
    {{ native_code('lines.status') }} as native_status,
    {{ clean_text('lines.reference_id') }} as reference,
    {{ clean_text('lines.order_id') }} as order_id,
    cast(null as {{ dbt.type_string() }}) as trace_reference,
    {{ clean_text('lines.payment_id') }} as payment_id,
    cast(null as {{ dbt.type_string() }}) as payout_id,
    {{ clean_text('lines.location_id') }} as location_id,
    {{ clean_text('lines.customer_id') }} as customer_id,
    {{ clean_text('lines.note') }} as description,
    {{ ascii_lower(clean_text('lines.card_brand')) }} as card_brand,

    -- money: what the buyer paid, tip included; several fees may follow the payment
    cast(lines.total_amount as bigint) as amount_minor,
    {{ square_fees() }} as fee_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    {{ utc_timestamp('lines.created_at', 'documents.time_zone') }} as occurred_at,
    {{ local_date(utc_timestamp('lines.created_at', 'documents.time_zone'), 'documents.time_zone') }} as business_date,
    cast(null as date) as expected_on,
    coalesce({{ utc_timestamp('lines.updated_at', 'documents.time_zone') }}, documents.received_at) as told_at,

    -- state
    {{ native_code('lines.source_type') }} not in ('cash', 'external')
    and {{ native_code('lines.card_brand') }} != 'square_gift_card' as reaches_balance,
    {{ native_code('lines.status') }} = 'completed'
    and {{ native_code('lines.source_type') }} not in ('cash', 'external')
    and {{ native_code('lines.card_brand') }} != 'square_gift_card' as moves_money,
    lines.fee_1 is not null as knows_fee,

    -- origin
    1 as record_priority,
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
