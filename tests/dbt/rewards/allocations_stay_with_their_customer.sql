-- Both ends of an allocation are one customer's, in one currency, and the lot stands before the redemption.
{{ config(meta={'dagster': {'ref': {'name': 'reward_allocations'}}}) }}

with allocations as (
    select * from {{ ref('reward_allocations') }}
),

events as (
    select * from {{ ref('reward_transactions') }}
),

judged as (
    select
        allocations.*,
        lots.is_lot
        and not redemptions.is_lot
        and lots.tenant_id = redemptions.tenant_id
        and lots.customer_id = redemptions.customer_id
        and lots.currency = redemptions.currency
        and lots.created_at <= redemptions.created_at
        and lots.event_number < redemptions.event_number as is_possible
    from allocations
    left join events as lots on allocations.earned_reward_transaction_id = lots.reward_transaction_id
    left join events as redemptions on allocations.redeemed_reward_transaction_id = redemptions.reward_transaction_id
)

select *
from judged
where is_possible is not true
