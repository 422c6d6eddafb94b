{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

readings as (
    select * from {{ ref('int_rewards__readings') }}
),

histories_in_turns as (
    select * from {{ ref('int_rewards__histories_in_turns') }} {{ only_touched() }}
),

totals as (
    select
        *,
        abs(amount_minor) as whole_minor,
        cast(sum(case when is_lot then 1 else 0 end) over history as bigint) as lots_so_far,
        cast(sum(case when is_lot then abs(amount_minor) else 0 end) over history as bigint) as earned_so_far,
        cast(sum(case when is_lot then 0 else abs(amount_minor) end) over history as bigint) as redeemed_so_far
    from events
    window history as (partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding)
),

-- The largest lead of redeemed over earned until now is what could not be funded: a later lot never pays for it.
leads as (
    select
        *,
        event_number - lots_so_far as redemptions_so_far,
        max(redeemed_so_far - earned_so_far) over before as money_lead_before,
        max(event_number - lots_so_far - lots_so_far) over before as rows_lead_before
    from totals
    window before as (
        partition by tenant_id, currency, customer_id order by event_number rows between unbounded preceding and 1 preceding
    )
),

-- The readings differ in what they count: minor units of money, or rows. Both are walked in one pass, which is half the work of two.
units_by_mode as (
    select
        leads.*,
        readings.mode,
        readings.counts,
        case readings.counts when 'money' then leads.whole_minor else 1 end as units,
        case readings.counts when 'money' then leads.earned_so_far else leads.lots_so_far end as earned_units,
        case readings.counts when 'money' then leads.redeemed_so_far else leads.redemptions_so_far end as redeemed_units,
        greatest(coalesce(case readings.counts when 'money' then leads.money_lead_before else leads.rows_lead_before end, 0), 0)
            as unfunded_before
    from leads
    inner join readings on true
    left join histories_in_turns
        on
            readings.mode = histories_in_turns.mode
            and leads.tenant_id = histories_in_turns.tenant_id
            and leads.currency = histories_in_turns.currency
            and leads.customer_id = histories_in_turns.customer_id
    where histories_in_turns.customer_id is null
),

uncovered as (
    select
        *,
        greatest(unfunded_before, redeemed_units - earned_units) as unfunded_so_far
    from units_by_mode
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
    whole_minor,
    case when is_lot then lots_so_far else redemptions_so_far end as queue_number,
    cast(units as bigint) as units,
    case when is_lot then earned_units else redeemed_units - unfunded_so_far end as ends_at_unit,
    case when is_lot then 0 else unfunded_so_far - unfunded_before end as unfunded_units,
    {{ touched_in() }}
from uncovered
