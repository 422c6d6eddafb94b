with

lines as (
    select * from {{ ref('stg_generic__versions') }} where is_booked
)

select
    -- keys
    tenant_id,
    'processor' as side,
    source,
    source_account,
    processor,
    transaction_id as native_id,
    -- Processors count apart from each other, and one may give a sale, its refund and its chargeback the same id.
    processor || ' ' || native_type as record,
    native_type,
    native_type as lookup_type,
    'generic' as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    native_status,
    reference_number as reference,
    coalesce(processor_reference, case when native_type = 'payout' then payout_id end, transaction_id) as processor_reference,
    order_id,
    trace_reference,
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
    expected_on,

    -- origin
    1 as record_priority,
    0 as row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from lines
