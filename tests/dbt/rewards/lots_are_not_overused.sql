-- A lot never gives more than it brought, and the mart says of each lot what its allocations say.
{{ config(meta={'dagster': {'ref': {'name': 'reward_transactions'}}}) }}

with lots as (
    select * from {{ ref('reward_transactions') }} where is_lot
),

used as (
    select
        earned_reward_transaction_id,
        sum(allocated_minor) as allocated_minor
    from {{ ref('reward_allocations') }}
    group by earned_reward_transaction_id
)

select
    coalesce(lots.reward_transaction_id, used.earned_reward_transaction_id) as reward_transaction_id,
    lots.amount_minor,
    lots.allocated_minor as stated_minor,
    used.allocated_minor as used_minor
from lots
full outer join used on lots.reward_transaction_id = used.earned_reward_transaction_id
where
    lots.reward_transaction_id is null
    or coalesce(used.allocated_minor, 0) > lots.amount_minor
    or coalesce(used.allocated_minor, 0) != lots.allocated_minor
