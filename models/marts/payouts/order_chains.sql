with books as (
    select * from {{ ref('int_payouts__books_steps') }}
),

processor_steps as (
    select * from {{ ref('int_payouts__processor_steps') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

chains as (
    select
        books.*,
        processor_steps.match_status,
        processor_steps.transaction_id as processor_transaction_id,
        processor_steps.native_id as processor_native_id,
        processor_steps.status as processor_status,
        processor_steps.right_count as processor_count,
        processor_steps.payout_transaction_id,
        processor_steps.payout_id as carried_by,
        processor_steps.payout_state,
        processor_steps.paid_on,
        processor_steps.bank_transaction_id,
        processor_steps.bank_date,
        {% for measure in ['amount', 'fee', 'net', 'arrived'] %}
            case when books.carries_sums then coalesce(processor_steps.{{ measure }}_minor, 0) else 0 end as processor_{{ measure }}_minor,
        {% endfor %}
        coalesce(processor_steps.stops_at, 'only_in_books') as stops_at
    from books
    left join processor_steps on books.match_id = processor_steps.match_id
)

select
    -- the books
    cast(chains.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(chains.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(chains.source as {{ dbt.type_string() }}) as source,
    cast(chains.native_id as {{ dbt.type_string() }}) as native_id,
    cast(chains.reference as {{ dbt.type_string() }}) as reference,
    cast(chains.order_id as {{ dbt.type_string() }}) as order_id,
    cast(chains.processor as {{ dbt.type_string() }}) as processor,
    cast(chains.event_type as {{ dbt.type_string() }}) as event_type,
    cast(chains.business_date as date) as business_date,
    cast(chains.currency as {{ dbt.type_string() }}) as currency,
    cast(chains.amount_minor as bigint) as amount_minor,
    {{ major_units('chains.amount_minor', 'currencies.exponent') }} as amount,
    cast(chains.open_state as {{ dbt.type_string() }}) as open_state,
    cast(chains.open_reason as {{ dbt.type_string() }}) as open_reason,

    -- the processor
    cast(chains.match_id as {{ dbt.type_string() }}) as match_id,
    cast(chains.match_status as {{ dbt.type_string() }}) as match_status,
    cast(chains.processor_transaction_id as {{ dbt.type_string() }}) as processor_transaction_id,
    cast(chains.processor_native_id as {{ dbt.type_string() }}) as processor_native_id,
    cast(chains.processor_status as {{ dbt.type_string() }}) as processor_status,
    cast(coalesce(chains.processor_count, 0) as integer) as processor_count,
    cast(chains.processor_amount_minor as bigint) as processor_amount_minor,
    {{ major_units('chains.processor_amount_minor', 'currencies.exponent') }} as processor_amount,
    cast(chains.processor_fee_minor as bigint) as processor_fee_minor,
    {{ major_units('chains.processor_fee_minor', 'currencies.exponent') }} as processor_fee,
    cast(chains.processor_net_minor as bigint) as processor_net_minor,
    {{ major_units('chains.processor_net_minor', 'currencies.exponent') }} as processor_net,

    -- the payout and the bank
    cast(chains.payout_transaction_id as {{ dbt.type_string() }}) as payout_transaction_id,
    cast(chains.carried_by as {{ dbt.type_string() }}) as payout_id,
    cast(chains.payout_state as {{ dbt.type_string() }}) as payout_state,
    cast(chains.paid_on as date) as paid_on,
    cast(chains.bank_transaction_id as {{ dbt.type_string() }}) as bank_transaction_id,
    cast(chains.bank_date as date) as bank_date,
    cast(chains.processor_arrived_minor as bigint) as arrived_minor,
    {{ major_units('chains.processor_arrived_minor', 'currencies.exponent') }} as arrived,

    -- where it ends
    cast(chains.stops_at as {{ dbt.type_string() }}) as stops_at
from chains
inner join currencies on chains.currency = currencies.currency
