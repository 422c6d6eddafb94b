with

lines as (
    select * from {{ ref('stg_internal__versions') }} where is_booked
)

select
    -- keys
    tenant_id,
    'internal' as side,
    source,
    source_account,
    processor,
    transaction_id as native_id,
    cast(null as {{ dbt.type_string() }}) as record,
    native_type,
    native_type as lookup_type,
    source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    native_status,
    reference_number as reference,
    processor_transaction_id as processor_reference,
    order_id,
    cast(null as {{ dbt.type_string() }}) as trace_reference,
    authorization_code,
    payout_id,
    merchant_id,
    customer_id,
    description,

    -- money
    amount_minor,
    fee_minor,
    currency,

    -- time
    occurred_at,
    business_date,
    settled_on as value_date,
    cast(null as date) as expected_on,

    -- origin
    1 as record_priority,
    0 as row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from lines
