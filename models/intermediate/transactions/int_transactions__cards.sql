with

events as (
    {% for model in ['stg_unica__events', 'stg_cielo__events', 'stg_rede__events'] %}
        select * from {{ ref(model) }} {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    -- keys
    tenant_id,
    'processor' as side,
    source,
    source_account,
    source as processor,
    native_id,
    -- A sale, its receivable and what was paid for it have one number: each kind of event counts its own.
    native_type as record,
    native_type,
    native_type as lookup_type,
    'cards' as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    '(none)' as native_status,
    coalesce(order_id, reference) as reference,
    reference as processor_reference,
    order_id,
    trace_reference,
    authorization_code,
    payout_id,
    merchant_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    description,

    -- money
    amount_minor,
    fee_minor,
    currency,

    -- time
    occurred_at,
    business_date,
    value_date,
    case when event in ('payout', 'payout_of_adjustment') then value_date end as expected_on,

    -- origin
    report_rank as record_priority,
    0 as row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from events
