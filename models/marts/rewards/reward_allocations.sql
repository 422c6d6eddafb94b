with allocations as (
    select * from {{ ref('int_rewards__allocations') }}
),

events as (
    select * from {{ ref('int_rewards__events') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    {{ key_hash('alc', ['lots.reward_transaction_id', 'redemptions.reward_transaction_id']) }} as allocation_id,
    allocations.tenant_id,
    allocations.earned_trans_id,
    allocations.redeemed_trans_id,
    lots.reward_transaction_id as earned_reward_transaction_id,
    redemptions.reward_transaction_id as redeemed_reward_transaction_id,
    allocations.customer_id,
    redemptions.kind as redeemed_by,
    allocations.currency,
    allocations.units as allocated_minor,
    {{ major_units('allocations.units', 'currencies.exponent') }} as allocated,
    lots.created_at as earned_at,
    redemptions.created_at as redeemed_at,
    allocations.finishes_lot
from allocations
inner join events as lots on allocations.earned_reward_transaction_id = lots.reward_transaction_id
inner join events as redemptions on allocations.redeemed_reward_transaction_id = redemptions.reward_transaction_id
inner join currencies on allocations.currency = currencies.currency
where allocations.mode = 'amount_true'
