with

events as (
    select * from {{ ref('stg_square__events') }}
)

select
    -- keys
    tenant_id,
    'processor' as side,
    source,
    source_account,
    source as processor,
    event_id as native_id,
    record,
    native_type,
    native_type as lookup_type,
    source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    case when record = 'payout' then native_status else '(none)' end as native_status,
    reference,
    event_id as processor_reference,
    order_id,
    trace_reference,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    known_payout_id as payout_id,
    location_id as merchant_id,
    customer_id,
    description,

    -- money
    amount_minor,
    fee_minor,
    currency,

    -- time
    occurred_at,
    business_date,
    cast(null as date) as value_date,
    expected_on,

    -- origin
    record_priority,
    0 as row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from events
where is_booked
