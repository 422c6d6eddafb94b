{{ config(materialized='kept', kept_by='customer_id') }}

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

allocations as (
    select
        allocations_by_mode.*,
        readings.is_books
    from allocations_by_mode
    inner join readings on allocations_by_mode.mode = readings.mode
),

undone_totals as (
    select * from {{ ref('int_rewards__undone') }} {{ only_touched() }}
),

used_lots as (
    select
        earned_reward_transaction_id as reward_transaction_id,
        sum(case when is_books then allocated_minor else 0 end) as allocated_minor,
        max(case when is_books and is_redeem_id then redeemed_trans_id end) as redeem_id,
        max(case when mode = 'one_to_one' and is_redeem_id then redeemed_trans_id end) as redeem_id_one_to_one
    from allocations
    group by earned_reward_transaction_id
),

using_rows as (
    select
        redeemed_reward_transaction_id as reward_transaction_id,
        sum(abs(allocated_minor)) as allocated_minor
    from allocations
    where is_books
    group by redeemed_reward_transaction_id
),

amounts as (
    select
        events.reward_transaction_id,
        events.tenant_id,
        events.customer_id,
        events.event_number,
        events.type,
        abs(events.amount_minor) as whole_minor,
        used_lots.redeem_id,
        used_lots.redeem_id_one_to_one,
        reversals.named_trans_id,
        reversals.named_type,
        coalesce(used_lots.allocated_minor, using_rows.allocated_minor, 0) as allocated_minor,
        coalesce(undone_totals.undone_minor, 0) as undone_minor,
        coalesce(undone_totals.undone_unfunded_minor, 0) as undone_unfunded_minor
    from events
    left join used_lots on events.reward_transaction_id = used_lots.reward_transaction_id
    left join using_rows on events.reward_transaction_id = using_rows.reward_transaction_id
    left join undone_totals on events.reward_transaction_id = undone_totals.reward_transaction_id
    left join reversals on events.reward_transaction_id = reversals.reward_transaction_id
)

select
    reward_transaction_id,
    tenant_id,
    customer_id,
    event_number,
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
    {{ touched_in() }}
from amounts
