-- First in, first out, where the oldest lot is always the right one (others: preferred_lots_are_used_first):
-- when something is taken from a lot, all that was taken before, from other lots, is exactly
-- everything older lots had brought. So no younger lot gives while an older one still has money.
{{ config(meta={'dagster': {'ref': {'name': 'reward_allocations'}}}) }}

with events as (
    select
        *,
        sum(case when is_lot then amount_minor else 0 end) over (
            partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding
        ) as earned_so_far
    from {{ ref('reward_transactions') }}
    where problem is null
),

histories as (
    {{ order_of_histories() }}
),

allocations as (
    select
        allocations.*,
        lots.event_number as lot_number,
        lots.earned_so_far - lots.amount_minor as older_lots_minor,
        redemptions.event_number as redemption_number
    from {{ ref('reward_allocations') }} as allocations
    inner join events as lots on allocations.earned_reward_transaction_id = lots.reward_transaction_id
    inner join events as redemptions on allocations.redeemed_reward_transaction_id = redemptions.reward_transaction_id
    inner join histories
        on
            lots.tenant_id = histories.tenant_id
            and lots.currency = histories.currency
            and lots.customer_id = histories.customer_id
    where not histories.has_other_order
),

taken as (
    select
        *,
        sum(allocated_minor) over (
            partition by tenant_id, currency, customer_id
            order by redemption_number, lot_number rows unbounded preceding
        ) as taken_from_all,
        sum(allocated_minor) over (
            partition by earned_reward_transaction_id order by redemption_number rows unbounded preceding
        ) as taken_from_this
    from allocations
)

select *
from taken
where taken_from_all - taken_from_this != older_lots_minor
