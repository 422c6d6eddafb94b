{{ config(materialized='kept', kept_by='customer_id') }}
{%- set history = 'tenant_id, currency, customer_id' %}

with events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

readings as (
    select * from {{ ref('int_rewards__readings') }}
),

reversals as (
    select * from {{ ref('int_rewards__reversals') }} {{ only_touched() }}
),

allocations_by_mode as (
    select * from {{ ref('int_rewards__allocations') }} {{ only_touched(numbered=true) }}
),

undone_totals as (
    select * from {{ ref('int_rewards__undone') }} {{ only_touched() }}
),

allocations as (
    select allocations_by_mode.*, readings.is_books
    from allocations_by_mode
    inner join readings on allocations_by_mode.mode = readings.mode
),

used_lots as (
    select
        {{ history }},
        lot_number as event_number,
        sum(case when is_books then allocated_minor else 0 end) as allocated_minor,
        max(case when is_books and is_redeem_id then redemption_number end) as redeem_number,
        max(case when mode = 'one_to_one' and is_redeem_id then redemption_number end) as redeem_number_one_to_one
    from allocations
    group by {{ history }}, lot_number
),

using_rows as (
    select
        {{ history }},
        redemption_number as event_number,
        sum(abs(allocated_minor)) as allocated_minor
    from allocations
    where is_books
    group by {{ history }}, redemption_number
),

amounts as (
    select
        events.*,
        abs(events.amount_minor) as whole_minor,
        redeemers.trans_id as redeem_id,
        redeemers_one_to_one.trans_id as redeem_id_one_to_one,
        reversals.named_trans_id,
        reversals.named_type,
        coalesce(used_lots.allocated_minor, using_rows.allocated_minor, 0) as allocated_minor,
        coalesce(undone_totals.undone_minor, 0) as undone_minor,
        coalesce(undone_totals.undone_unfunded_minor, 0) as undone_unfunded_minor
    from events
    left join used_lots on {{ same_event('events', 'used_lots') }}
    left join using_rows on {{ same_event('events', 'using_rows') }}
    left join undone_totals on {{ same_event('events', 'undone_totals') }}
    left join reversals on {{ same_event('events', 'reversals') }}
    left join events as redeemers on {{ same_event('used_lots', 'redeemers', 'redeem_number') }}
    left join events as redeemers_one_to_one on {{ same_event('used_lots', 'redeemers_one_to_one', 'redeem_number_one_to_one') }}
)

select
    tenant_id, customer_id, currency, event_number, trans_id, type, amount_minor, created_at, business_date,
    redeem_id,
    redeem_id_one_to_one,
    named_trans_id as reversed_redeem_id,
    named_type as reversed_type,
    cast(allocated_minor as bigint) as allocated_minor,
    cast(case type when 'earned' then whole_minor - allocated_minor else 0 end as bigint) as open_amount_minor,
    cast(case type when 'earned' then 0 when 'reversed' then undone_unfunded_minor else whole_minor - allocated_minor end as bigint)
        as unfunded_amount_minor,
    cast(case type when 'reversed' then whole_minor - undone_minor else 0 end as bigint) as unmatched_amount_minor,
    cast(case when type in ('spent', 'expired') then undone_minor else 0 end as bigint) as reversed_amount_minor,
    cast(case when type in ('spent', 'expired') then whole_minor - allocated_minor - undone_unfunded_minor else 0 end as bigint)
        as still_unfunded_minor,
    earned_so_far, spent_so_far, expired_so_far, reversed_so_far,
    cast(sum(case type when 'earned' then whole_minor when 'reversed' then allocated_minor else -allocated_minor end) over (
        partition by {{ history }} order by event_number rows unbounded preceding
    ) as bigint) as in_lots_so_far,
    {{ touched_in() }}
from amounts
