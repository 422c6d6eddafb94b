{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select
        tenant_id, currency, customer_id, event_number, is_lot, amount_minor, lots_so_far, earned_so_far,
        event_number - lots_so_far as redemptions_so_far,
        spent_so_far + expired_so_far as redeemed_so_far
    from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

readings as (
    select * from {{ ref('int_rewards__readings') }}
),

histories_in_turns as (
    select * from {{ ref('int_rewards__histories_in_turns') }} {{ only_touched() }}
),

-- The largest lead of redeemed over earned before is what could not be funded: a later lot never pays for it.
leads as (
    select
        *,
        greatest(coalesce(max(redeemed_so_far - earned_so_far) over before, 0), 0) as money_unfunded_before,
        greatest(coalesce(max(redemptions_so_far - lots_so_far) over before, 0), 0) as rows_unfunded_before
    from events
    window before as (partition by tenant_id, currency, customer_id order by event_number rows between unbounded preceding and 1 preceding)
),

on_one_axis as (
    select leads.*, readings.mode, readings.counts
    from leads
    inner join readings on true
    left join histories_in_turns
        on
            readings.mode = histories_in_turns.mode
            and {{ same_history('leads', 'histories_in_turns') }}
    where histories_in_turns.customer_id is null
),

-- Of money, lots and redemptions both cover the axis of what was earned without gaps, in their order. This is where each ends.
ends as (
    select
        *,
        case
            when is_lot then earned_so_far
            else redeemed_so_far - greatest(money_unfunded_before, redeemed_so_far - earned_so_far)
        end as ends_at
    from on_one_axis
    where counts = 'money'
),

-- Between two ends the lot that ends next meets the redemption that ends next. Of equal ends the first closes the stretch.
segments as (
    select
        *,
        cast(ends_at - lead(ends_at, 1, 0) over from_the_end as bigint) as units,
        min(case when is_lot then event_number end) over (from_the_end rows unbounded preceding) as lot_number,
        min(case when is_lot then ends_at end) over (from_the_end rows unbounded preceding) as lot_ends_at,
        min(case when not is_lot then event_number end) over (from_the_end rows unbounded preceding) as redemption_number
    from ends
    window from_the_end as (partition by tenant_id, currency, customer_id order by ends_at desc, is_lot desc, event_number desc)
),

-- Of rows, a redemption that finds a lot takes the one that has its own place among the lots.
pairs as (
    select
        redemptions.*,
        lots.event_number as lot_number,
        cast(least(lots.whole_minor, redemptions.whole_minor) as bigint) as allocated_minor
    from (select *, abs(amount_minor) as whole_minor from on_one_axis where counts = 'rows' and not is_lot) as redemptions
    inner join (select *, abs(amount_minor) as whole_minor from on_one_axis where counts = 'rows' and is_lot) as lots
        on
            {{ same_history('redemptions', 'lots') }}
            and redemptions.redemptions_so_far - redemptions.rows_unfunded_before = lots.lots_so_far
    where redemptions.redemptions_so_far - redemptions.lots_so_far <= redemptions.rows_unfunded_before
),

allocations as (
    select
        mode, tenant_id, currency, customer_id, lot_number, redemption_number, cast(null as bigint) as undone_number,
        units, units as allocated_minor, cast(0 as bigint) as undone_minor,
        lot_ends_at = ends_at as finishes_lot, lot_ends_at = ends_at as is_redeem_id
    from segments where units > 0 and lot_number is not null and redemption_number is not null
    union all
    select
        mode, tenant_id, currency, customer_id, lot_number, event_number, null as undone_number, 1 as units,
        allocated_minor, 0 as undone_minor, true as finishes_lot, true as is_redeem_id
    from pairs
    union all
    select
        mode, tenant_id, currency, customer_id, lot_number, redemption_number, undone_number, units,
        allocated_minor, undone_minor, finishes_lot, is_redeem_id
    from {{ ref('int_rewards__allocations_in_turns') }} where lot_number is not null {{ only_touched('and') }}
)

select
    *,
    {{ touched_in() }}
from allocations
