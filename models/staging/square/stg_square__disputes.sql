with

lines as (
    select * from {{ source('square', 'square_disputes') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    'dispute' as record,
    {{ clean_text('lines.dispute_id') }} as native_id,
    'dispute' as native_type,
    {{ native_code('lines.state') }} as native_status,
    cast(null as {{ dbt.type_string() }}) as reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    cast(null as {{ dbt.type_string() }}) as trace_reference,
    {{ clean_text('lines.payment_id') }} as payment_id,
    cast(null as {{ dbt.type_string() }}) as payout_id,
    {{ clean_text('lines.location_id') }} as location_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    {{ clean_text('lines.reason') }} as description,

    -- money: positive at Square; it is the merchant's loss once the case is lost
    -cast(lines.amount as bigint) as amount_minor,
    cast(0 as bigint) as fee_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    {{ utc_timestamp('lines.created_at', 'documents.time_zone') }} as occurred_at,
    {{ local_date(utc_timestamp('lines.created_at', 'documents.time_zone'), 'documents.time_zone') }} as business_date,
    cast(null as date) as expected_on,
    coalesce({{ utc_timestamp('lines.updated_at', 'documents.time_zone') }}, documents.received_at) as told_at,

    -- state
    {{ native_code('lines.state') }} in ('lost', 'accepted') as moves_money,
    false as knows_fee,
    {{ native_code('lines.card_brand') }} as network,
    {{ utc_timestamp('lines.due_at', 'documents.time_zone') }} as due_at,

    -- origin
    1 as record_priority,
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
