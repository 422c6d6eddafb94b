{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events') }} {{ only_touched(wide=ref('int_rewards__events')) }}
),

results as (
    select * from {{ ref('int_rewards__results') }} {{ only_touched(numbered=true) }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- A row with a problem takes no part: nothing of it is allocated, open or unfunded.
rows_with_results as (
    select
        events.*,
        results.event_number,
        results.redeem_id,
        results.redeem_id_one_to_one,
        results.reversed_redeem_id,
        results.reversed_type,
        coalesce(results.allocated_minor, 0) as allocated_minor,
        coalesce(results.open_amount_minor, 0) as open_amount_minor,
        coalesce(results.unfunded_amount_minor, 0) as unfunded_amount_minor,
        coalesce(results.unmatched_amount_minor, 0) as unmatched_amount_minor,
        coalesce(results.reversed_amount_minor, 0) as reversed_amount_minor,
        coalesce(results.still_unfunded_minor, 0) as still_unfunded_minor
    from events
    left join results on events.tenant_id = results.tenant_id and events.trans_id = results.trans_id
)

select
    case when told.has_conflict then {{ contradicting_reward_transaction_id('told') }} else {{ reward_transaction_id('told') }} end
        as reward_transaction_id,
    told.tenant_id,
    told.trans_id,
    told.customer_id,
    told.reported_customer_id,
    told.type,
    told.native_type,
    told.order_id,
    told.reason,
    told.redeem_id,
    told.redeem_id_one_to_one,
    told.reversed_redeem_id,
    told.reversed_type,
    told.currency,
    told.amount_minor,
    {{ major_units('told.amount_minor', 'currencies.exponent') }} as amount,
    told.allocated_minor,
    {{ major_units('told.allocated_minor', 'currencies.exponent') }} as allocated,
    told.open_amount_minor,
    {{ major_units('told.open_amount_minor', 'currencies.exponent') }} as open_amount,
    told.unfunded_amount_minor,
    {{ major_units('told.unfunded_amount_minor', 'currencies.exponent') }} as unfunded_amount,
    told.still_unfunded_minor,
    {{ major_units('told.still_unfunded_minor', 'currencies.exponent') }} as still_unfunded,
    told.reversed_amount_minor,
    {{ major_units('told.reversed_amount_minor', 'currencies.exponent') }} as reversed_amount,
    told.unmatched_amount_minor,
    {{ major_units('told.unmatched_amount_minor', 'currencies.exponent') }} as unmatched_amount,
    told.created_at,
    told.expires_at,
    told.business_date,
    told.event_number,
    told.is_lot,
    told.has_conflict,
    told.problem,
    told.times_reported,
    told._document_id,
    told._source_file,
    told._source_line
from rows_with_results as told
inner join currencies on told.currency = currencies.currency
