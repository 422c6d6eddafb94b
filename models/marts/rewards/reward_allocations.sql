{{ config(materialized='kept', kept_by='customer_id') }}

with allocations as (
    select * from {{ ref('int_rewards__allocations') }} {{ only_touched(numbered=true) }}
),

readings as (
    select * from {{ ref('int_rewards__readings') }} where is_books
),

events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    case
        when allocations.undone_reward_transaction_id is null
            then {{ key_hash('alc', ['lots.reward_transaction_id', 'using_rows.reward_transaction_id']) }}
        else {{ key_hash('alc', [
            'lots.reward_transaction_id', 'using_rows.reward_transaction_id', 'allocations.undone_reward_transaction_id'
        ]) }}
    end as allocation_id,
    allocations.tenant_id,
    allocations.earned_trans_id,
    allocations.redeemed_trans_id,
    allocations.undone_trans_id as reversed_trans_id,
    lots.reward_transaction_id as earned_reward_transaction_id,
    using_rows.reward_transaction_id as redeemed_reward_transaction_id,
    allocations.undone_reward_transaction_id as reversed_reward_transaction_id,
    allocations.customer_id,
    using_rows.type as redeemed_by,
    readings.method_id as method,
    allocations.currency,
    allocations.allocated_minor,
    {{ major_units('allocations.allocated_minor', 'currencies.exponent') }} as allocated,
    lots.created_at as earned_at,
    lots.business_date as earned_on,
    using_rows.created_at as redeemed_at,
    using_rows.business_date as redeemed_on,
    allocations.finishes_lot
from allocations
inner join readings on allocations.mode = readings.mode
inner join events as lots on allocations.earned_reward_transaction_id = lots.reward_transaction_id
inner join events as using_rows on allocations.redeemed_reward_transaction_id = using_rows.reward_transaction_id
inner join currencies on allocations.currency = currencies.currency
where allocations.allocated_minor != 0
