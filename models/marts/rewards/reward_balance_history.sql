with events as (
    select * from {{ ref('int_rewards__events_in_order') }}
),

funding as (
    select * from {{ ref('int_rewards__funding') }} where mode = 'amount_true'
),

currencies as (
    select * from {{ ref('currencies') }}
),

parts as (
    select
        events.*,
        funding.unfunded_units,
        case when events.kind = 'earned' then events.amount_minor else 0 end as earned_part,
        case when events.kind = 'spent' then -events.amount_minor else 0 end as spent_part,
        case when events.kind = 'expired' then -events.amount_minor else 0 end as expired_part
    from events
    inner join funding on events.reward_transaction_id = funding.reward_transaction_id
),

totals as (
    select
        *,
        cast(sum(earned_part) over history as bigint) as total_earned_minor,
        cast(sum(spent_part) over history as bigint) as total_spent_minor,
        cast(sum(expired_part) over history as bigint) as total_expired_minor,
        cast(sum(amount_minor) over history as bigint) as balance_minor,
        cast(sum(amount_minor + unfunded_units) over history as bigint) as open_lots_minor
    from parts
    window history as (partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding)
)

select
    totals.reward_transaction_id,
    totals.tenant_id,
    totals.customer_id,
    totals.event_number,
    totals.trans_id,
    totals.kind as type,
    totals.currency,
    cast(totals.earned_part as bigint) as earned_minor,
    {{ major_units('totals.earned_part', 'currencies.exponent') }} as earned,
    cast(totals.spent_part as bigint) as spent_minor,
    {{ major_units('totals.spent_part', 'currencies.exponent') }} as spent,
    cast(totals.expired_part as bigint) as expired_minor,
    {{ major_units('totals.expired_part', 'currencies.exponent') }} as expired,
    totals.total_earned_minor,
    {{ major_units('totals.total_earned_minor', 'currencies.exponent') }} as total_earned,
    totals.total_spent_minor,
    {{ major_units('totals.total_spent_minor', 'currencies.exponent') }} as total_spent,
    totals.total_expired_minor,
    {{ major_units('totals.total_expired_minor', 'currencies.exponent') }} as total_expired,
    totals.balance_minor,
    {{ major_units('totals.balance_minor', 'currencies.exponent') }} as balance,
    totals.open_lots_minor,
    {{ major_units('totals.open_lots_minor', 'currencies.exponent') }} as open_lots,
    totals.created_at as occurred_at
from totals
inner join currencies on totals.currency = currencies.currency
