with reward_transactions as (
    select * from {{ ref('reward_transactions') }} where problem is null
),

currencies as (
    select * from {{ ref('currencies') }}
),

balances as (
    select
        tenant_id,
        customer_id,
        currency,
        cast(sum(case when type = 'earned' then amount_minor else 0 end) as bigint) as earned_minor,
        cast(sum(case when type = 'spent' then -amount_minor else 0 end) as bigint) as spent_minor,
        cast(sum(case when type = 'expired' then -amount_minor else 0 end) as bigint) as expired_minor,
        cast(sum(case when type = 'reversed' then amount_minor else 0 end) as bigint) as reversed_minor,
        cast(sum(amount_minor) as bigint) as balance_minor,
        cast(sum(open_amount_minor) as bigint) as open_lots_minor,
        cast(sum(still_unfunded_minor) as bigint) as unfunded_minor,
        cast(sum(unmatched_amount_minor) as bigint) as unmatched_minor,
        cast(sum(case when expires_at <= {{ as_of() }} then open_amount_minor else 0 end) as bigint) as past_expiry_minor,
        count(*) as event_count,
        sum(case when open_amount_minor > 0 then 1 else 0 end) as open_lot_count,
        max(created_at) as last_event_at
    from reward_transactions
    group by tenant_id, customer_id, currency
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
    cast(balances.event_count as bigint) as event_count,
    cast(balances.open_lot_count as bigint) as open_lot_count,
    balances.last_event_at
from balances
inner join currencies on balances.currency = currencies.currency
