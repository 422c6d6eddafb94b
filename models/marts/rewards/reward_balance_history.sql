{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('reward_transactions') }} where problem is null {{ only_touched('and') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

parts as (
    select
        *,
        case type when 'earned' then amount_minor else 0 end as earned_part,
        case type when 'spent' then -amount_minor else 0 end as spent_part,
        case type when 'expired' then -amount_minor else 0 end as expired_part,
        case type when 'reversed' then amount_minor else 0 end as reversed_part,
        case type when 'earned' then amount_minor when 'reversed' then allocated_minor else -allocated_minor end as lots_part
    from events
),

totals as (
    select
        *,
        cast(sum(earned_part) over history as bigint) as total_earned_minor,
        cast(sum(spent_part) over history as bigint) as total_spent_minor,
        cast(sum(expired_part) over history as bigint) as total_expired_minor,
        cast(sum(reversed_part) over history as bigint) as total_reversed_minor,
        cast(sum(amount_minor) over history as bigint) as balance_minor,
        cast(sum(lots_part) over history as bigint) as open_lots_minor
    from parts
    window history as (partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding)
)

select
    totals.reward_transaction_id,
    totals.tenant_id,
    totals.customer_id,
    totals.event_number,
    totals.trans_id,
    totals.type,
    totals.currency,
    cast(totals.earned_part as bigint) as earned_minor,
    {{ major_units('totals.earned_part', 'currencies.exponent') }} as earned,
    cast(totals.spent_part as bigint) as spent_minor,
    {{ major_units('totals.spent_part', 'currencies.exponent') }} as spent,
    cast(totals.expired_part as bigint) as expired_minor,
    {{ major_units('totals.expired_part', 'currencies.exponent') }} as expired,
    cast(totals.reversed_part as bigint) as reversed_minor,
    {{ major_units('totals.reversed_part', 'currencies.exponent') }} as reversed,
    totals.total_earned_minor,
    {{ major_units('totals.total_earned_minor', 'currencies.exponent') }} as total_earned,
    totals.total_spent_minor,
    {{ major_units('totals.total_spent_minor', 'currencies.exponent') }} as total_spent,
    totals.total_expired_minor,
    {{ major_units('totals.total_expired_minor', 'currencies.exponent') }} as total_expired,
    totals.total_reversed_minor,
    {{ major_units('totals.total_reversed_minor', 'currencies.exponent') }} as total_reversed,
    totals.balance_minor,
    {{ major_units('totals.balance_minor', 'currencies.exponent') }} as balance,
    totals.open_lots_minor,
    {{ major_units('totals.open_lots_minor', 'currencies.exponent') }} as open_lots,
    totals.created_at as occurred_at,
    totals.business_date as occurred_on
from totals
inner join currencies on totals.currency = currencies.currency
