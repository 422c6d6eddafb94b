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
),

told as (
    select
        allocations.*,
        readings.method_id,
        {{ reward_transaction_id('lots') }} as earned_id,
        {{ reward_transaction_id('using_rows') }} as redeemed_id,
        case when undone.trans_id is not null then {{ reward_transaction_id('undone') }} end as undone_id,
        lots.trans_id as earned_trans_id,
        using_rows.trans_id as redeemed_trans_id,
        undone.trans_id as undone_trans_id,
        using_rows.type as redeemed_by,
        lots.created_at as earned_at,
        lots.business_date as earned_on,
        using_rows.created_at as redeemed_at,
        using_rows.business_date as redeemed_on
    from allocations
    inner join readings on allocations.mode = readings.mode
    inner join events as lots on {{ same_event('allocations', 'lots', 'lot_number') }}
    inner join events as using_rows on {{ same_event('allocations', 'using_rows', 'redemption_number') }}
    left join events as undone on {{ same_event('allocations', 'undone', 'undone_number') }}
    where allocations.allocated_minor != 0
)

select
    case
        when told.undone_id is null then {{ key_hash('alc', ['told.earned_id', 'told.redeemed_id']) }}
        else {{ key_hash('alc', ['told.earned_id', 'told.redeemed_id', 'told.undone_id']) }}
    end as allocation_id,
    told.tenant_id,
    told.earned_trans_id,
    told.redeemed_trans_id,
    told.undone_trans_id as reversed_trans_id,
    told.earned_id as earned_reward_transaction_id,
    told.redeemed_id as redeemed_reward_transaction_id,
    told.undone_id as reversed_reward_transaction_id,
    told.customer_id,
    told.redeemed_by,
    told.method_id as method,
    told.currency,
    told.allocated_minor,
    {{ major_units('told.allocated_minor', 'currencies.exponent') }} as allocated,
    told.earned_at,
    told.earned_on,
    told.redeemed_at,
    told.redeemed_on,
    told.finishes_lot
from told
inner join currencies on told.currency = currencies.currency
