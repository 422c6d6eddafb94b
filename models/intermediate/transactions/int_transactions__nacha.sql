with

entries as (
    select * from {{ ref('stg_nacha__entries') }} where is_money
)

select
    -- keys
    tenant_id,
    'processor' as side,
    source,
    source_account,
    source as processor,
    trace_number as native_id,
    -- trace numbers come again after some time
    entry_kind || ' ' || cast(business_date as {{ dbt.type_string() }}) as record,
    native_type,
    native_type as lookup_type,
    source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    '(none)' as native_status,
    cast(null as {{ dbt.type_string() }}) as reference,
    original_trace_number as processor_reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    trace_number as trace_reference,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    cast(null as {{ dbt.type_string() }}) as payout_id,
    company_id as merchant_id,
    individual_id as customer_id,
    coalesce(reason_code || ' ', '') || coalesce(description, '') as description,

    -- money
    amount_minor,
    cast(0 as bigint) as fee_minor,
    currency,

    -- time
    occurred_at,
    business_date,
    settled_on as value_date,
    cast(null as date) as expected_on,

    -- origin
    1 as record_priority,
    entry_index as row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from entries
