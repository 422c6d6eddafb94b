{{ config(materialized='view') }}

with kept_balances as (
    select * from {{ ref('int_rewards__balances') }}
),

past_expiry as (
    select * from {{ ref('int_rewards__past_expiry') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

balances as (
    select
        kept_balances.*,
        coalesce(past_expiry.past_expiry_minor, 0) as past_expiry_minor
    from kept_balances
    left join past_expiry
        on
            kept_balances.tenant_id = past_expiry.tenant_id
            and kept_balances.customer_id = past_expiry.customer_id
            and kept_balances.currency = past_expiry.currency
)

select
    {{ key_hash('rbl', ['balances.tenant_id', 'balances.customer_id', 'balances.currency']) }} as reward_balance_id,
    balances.tenant_id,
    balances.customer_id,
    balances.currency,
    balances.earned_minor,
    {{ major_units('balances.earned_minor', 'currencies.exponent') }} as earned,
    balances.spent_minor,
    {{ major_units('balances.spent_minor', 'currencies.exponent') }} as spent,
    balances.expired_minor,
    {{ major_units('balances.expired_minor', 'currencies.exponent') }} as expired,
    balances.reversed_minor,
    {{ major_units('balances.reversed_minor', 'currencies.exponent') }} as reversed,
    balances.balance_minor,
    {{ major_units('balances.balance_minor', 'currencies.exponent') }} as balance,
    balances.open_lots_minor,
    {{ major_units('balances.open_lots_minor', 'currencies.exponent') }} as open_lots,
    balances.unfunded_minor,
    {{ major_units('balances.unfunded_minor', 'currencies.exponent') }} as unfunded,
    balances.unmatched_minor,
    {{ major_units('balances.unmatched_minor', 'currencies.exponent') }} as unmatched,
    balances.past_expiry_minor,
    {{ major_units('balances.past_expiry_minor', 'currencies.exponent') }} as past_expiry,
    balances.event_count,
    balances.open_lot_count,
    balances.last_event_at
from balances
inner join currencies on balances.currency = currencies.currency
