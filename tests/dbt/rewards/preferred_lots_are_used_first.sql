-- No lot gives while one that the method prefers still has money, and no lot ever gives more than it had, turn by turn.
{{ config(meta={'dagster': {'ref': {'name': 'reward_allocations'}}}) }}

with events as (
    select * from {{ ref('reward_transactions') }} where problem is null
),

histories as (
    {{ order_of_histories() }}
),

uses as (
    select
        earned_reward_transaction_id,
        redeemed_reward_transaction_id,
        sum(allocated_minor) as allocated_minor
    from {{ ref('reward_allocations') }}
    group by earned_reward_transaction_id, redeemed_reward_transaction_id
),

judged as (
    {{ uses_judged('events', 'histories', 'uses') }}
)

select *
from judged
where not is_lawful
