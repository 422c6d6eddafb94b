{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

results as (
    select * from {{ ref('int_rewards__results') }} {{ only_touched(numbered=true) }}
)

select
    events.tenant_id,
    events.customer_id,
    events.currency,
    cast(sum(case when events.type = 'earned' then events.amount_minor else 0 end) as bigint) as earned_minor,
    cast(sum(case when events.type = 'spent' then -events.amount_minor else 0 end) as bigint) as spent_minor,
    cast(sum(case when events.type = 'expired' then -events.amount_minor else 0 end) as bigint) as expired_minor,
    cast(sum(case when events.type = 'reversed' then events.amount_minor else 0 end) as bigint) as reversed_minor,
    cast(sum(events.amount_minor) as bigint) as balance_minor,
    cast(sum(results.open_amount_minor) as bigint) as open_lots_minor,
    cast(sum(results.still_unfunded_minor) as bigint) as unfunded_minor,
    cast(sum(results.unmatched_amount_minor) as bigint) as unmatched_minor,
    cast(count(*) as bigint) as event_count,
    cast(sum(case when results.open_amount_minor > 0 then 1 else 0 end) as bigint) as open_lot_count,
    max(events.created_at) as last_event_at,
    {{ touched_in() }}
from events
inner join results on events.reward_transaction_id = results.reward_transaction_id
group by events.tenant_id, events.customer_id, events.currency
