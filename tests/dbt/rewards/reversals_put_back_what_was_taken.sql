-- Of each lot a reversal puts back no more than the redemption it undoes had taken and still held, and the redemption
-- says how much of it was undone, in lots and in what no lot had paid.
{{ config(meta={'dagster': {'ref': {'name': 'reward_allocations'}}}) }}

with redemptions as (
    select * from {{ ref('reward_transactions') }} where type in ('spent', 'expired') and problem is null
),

moves as (
    select
        *,
        coalesce(reversed_reward_transaction_id, redeemed_reward_transaction_id) as redemption_id
    from {{ ref('reward_allocations') }}
),

held as (
    select
        moves.*,
        sum(allocated_minor) over (
            partition by redemption_id, earned_reward_transaction_id
            order by redeemed_at, allocated_minor desc, redeemed_trans_id rows unbounded preceding
        ) as held_minor
    from moves
),

undone as (
    select
        reversed_reward_transaction_id as redemption_id,
        -sum(allocated_minor) as back_in_lots_minor
    from moves
    where reversed_reward_transaction_id is not null
    group by reversed_reward_transaction_id
)

select
    redemption_id as reward_transaction_id,
    held_minor as minor
from held
where held_minor < 0
union all
select
    redemptions.reward_transaction_id,
    redemptions.reversed_amount_minor as minor
from redemptions
left join undone on redemptions.reward_transaction_id = undone.redemption_id
where
    redemptions.reversed_amount_minor
    != coalesce(undone.back_in_lots_minor, 0) + redemptions.unfunded_amount_minor - redemptions.still_unfunded_minor
