with

lines as (
    select * from {{ source('square', 'square_payouts') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    'payout' as record,
    {{ clean_text('lines.payout_id') }} as native_id,
    'payout' as native_type,
    {{ native_code('lines.status') }} as native_status,
    cast(null as {{ dbt.type_string() }}) as reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    {{ clean_text('lines.end_to_end_id') }} as trace_reference,
    cast(null as {{ dbt.type_string() }}) as payment_id,
    {{ clean_text('lines.payout_id') }} as payout_id,
    {{ clean_text('lines.location_id') }} as location_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    {{ clean_text('lines.type') }} as description,

    -- money: positive at Square when it goes to the bank; its fee is an entry of its own
    -cast(lines.amount as bigint) as amount_minor,
    cast(0 as bigint) as fee_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    {{ utc_timestamp('lines.created_at', 'documents.time_zone') }} as occurred_at,
    {{ local_date(utc_timestamp('lines.created_at', 'documents.time_zone'), 'documents.time_zone') }} as business_date,
    {{ iso_date('lines.arrival_date') }} as expected_on,
    coalesce({{ utc_timestamp('lines.updated_at', 'documents.time_zone') }}, documents.received_at) as told_at,

    -- state
    true as moves_money,
    true as knows_fee,

    -- origin
    1 as record_priority,
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
