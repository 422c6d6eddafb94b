-- What lots paid of a redemption and what nobody paid is the redemption, no more and no less. What a reversal puts back, what it
-- takes off an unfunded part and what it finds nothing for is the reversal.
{{ config(meta={'dagster': {'ref': {'name': 'reward_transactions'}}}) }}

with redemptions as (
    select * from {{ ref('reward_transactions') }} where not is_lot and problem is null
),

funded as (
    select
        redeemed_reward_transaction_id,
        sum(abs(allocated_minor)) as allocated_minor
    from {{ ref('reward_allocations') }}
    group by redeemed_reward_transaction_id
)

select
    coalesce(redemptions.reward_transaction_id, funded.redeemed_reward_transaction_id) as reward_transaction_id,
    redemptions.amount_minor,
    funded.allocated_minor as funded_minor,
    redemptions.unfunded_amount_minor
from redemptions
full outer join funded on redemptions.reward_transaction_id = funded.redeemed_reward_transaction_id
where
    redemptions.reward_transaction_id is null
    or least(redemptions.unfunded_amount_minor, redemptions.unmatched_amount_minor) < 0
    or coalesce(funded.allocated_minor, 0) != redemptions.allocated_minor
    or redemptions.allocated_minor + redemptions.unfunded_amount_minor + redemptions.unmatched_amount_minor != abs(redemptions.amount_minor)
