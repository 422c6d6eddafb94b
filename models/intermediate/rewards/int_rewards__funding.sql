{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched() }}
),

readings as (
    select * from {{ ref('int_rewards__readings') }}
),

histories_in_turns as (
    select * from {{ ref('int_rewards__histories_in_turns') }} {{ only_touched() }}
),

-- The readings differ in what they count: minor units of money, or rows.
units_by_mode as (
    select
        events.*,
        readings.mode,
        readings.counts,
        case readings.counts when 'money' then abs(events.amount_minor) else 1 end as units
    from events
    cross join readings
    left join histories_in_turns
        on
            readings.mode = histories_in_turns.mode
            and events.tenant_id = histories_in_turns.tenant_id
            and events.currency = histories_in_turns.currency
            and events.customer_id = histories_in_turns.customer_id
    where histories_in_turns.customer_id is null
),

totals as (
    select
        *,
        row_number() over (
            partition by mode, tenant_id, currency, customer_id, is_lot order by event_number
        ) as queue_number,
        sum(case when is_lot then units else 0 end) over history as earned_so_far,
        sum(case when is_lot then 0 else units end) over history as redeemed_so_far
    from units_by_mode
    window history as (
        partition by mode, tenant_id, currency, customer_id order by event_number rows unbounded preceding
    )
),

-- The largest lead of redeemed over earned until now is what could not be funded: a later lot never pays for it.
uncovered as (
    select
        *,
        greatest(max(redeemed_so_far - earned_so_far) over (
            partition by mode, tenant_id, currency, customer_id order by event_number rows unbounded preceding
        ), 0) as unfunded_so_far,
        coalesce(greatest(max(redeemed_so_far - earned_so_far) over (
            partition by mode, tenant_id, currency, customer_id order by event_number
            rows between unbounded preceding and 1 preceding
        ), 0), 0) as unfunded_before
    from totals
)

-- Lots and redemptions both cover the axis of earned units without gaps, in their order.
select
    mode,
    tenant_id,
    currency,
    customer_id,
    reward_transaction_id,
    trans_id,
    is_lot,
    counts,
    abs(amount_minor) as whole_minor,
    cast(queue_number as bigint) as queue_number,
    cast(units as bigint) as units,
    cast(case when is_lot then earned_so_far else redeemed_so_far - unfunded_so_far end as bigint) as ends_at_unit,
    cast(case when is_lot then 0 else unfunded_so_far - unfunded_before end as bigint) as unfunded_units
from uncovered
