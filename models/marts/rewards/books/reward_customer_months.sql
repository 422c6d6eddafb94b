{{ config(materialized='kept', kept_by='customer_id') }}

with reward_transactions as (
    select * from {{ ref('reward_transactions') }} where problem is null {{ only_touched('and') }}
),

reward_allocations as (
    select * from {{ ref('reward_allocations') }} {{ only_touched() }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- What a row of the workbook did in its month, and what of the lots was used, or put back, on a day of it.
movements as (
    select
        tenant_id,
        currency,
        customer_id,
        business_date as moved_on,
        case when type = 'earned' then amount_minor else 0 end as earned_minor,
        0 as spent_minor,
        0 as expired_minor,
        0 as reversed_minor,
        case when type = 'reversed' then -unfunded_amount_minor else unfunded_amount_minor end as unfunded_minor,
        1 as event_count,
        {{ print_of(['trans_id', 'type', 'customer_id', 'currency', 'amount_minor', 'business_date']) }} as row_print
    from reward_transactions
    union all
    select
        tenant_id,
        currency,
        customer_id,
        redeemed_on as moved_on,
        0 as earned_minor,
        case when redeemed_by = 'spent' then allocated_minor else 0 end as spent_minor,
        case when redeemed_by = 'expired' then allocated_minor else 0 end as expired_minor,
        case when redeemed_by = 'reversed' then -allocated_minor else 0 end as reversed_minor,
        0 as unfunded_minor,
        0 as event_count,
        {{ print_of(['earned_trans_id', 'redeemed_trans_id', 'redeemed_by', 'currency', 'allocated_minor', 'redeemed_on']) }} as row_print
    from reward_allocations
),

months as (
    select
        tenant_id,
        currency,
        customer_id,
        cast({{ dbt.date_trunc('month', 'moved_on') }} as date) as period,
        cast(sum(earned_minor) as bigint) as earned_minor,
        cast(sum(spent_minor) as bigint) as spent_minor,
        cast(sum(expired_minor) as bigint) as expired_minor,
        cast(sum(reversed_minor) as bigint) as reversed_minor,
        cast(sum(unfunded_minor) as bigint) as unfunded_minor,
        cast(sum(event_count) as bigint) as event_count,
        cast(sum(row_print) as decimal(38, 0)) as rows_print
    from movements
    group by tenant_id, currency, customer_id, cast({{ dbt.date_trunc('month', 'moved_on') }} as date)
),

balances as (
    select
        *,
        cast(sum(earned_minor - spent_minor - expired_minor + reversed_minor) over (
            partition by tenant_id, currency, customer_id order by period rows unbounded preceding
        ) as bigint) as closing_minor
    from months
)

select
    {{ key_hash('rcm', [
        'balances.tenant_id', 'balances.currency', 'balances.customer_id', 'balances.period'
    ]) }} as reward_customer_month_id,
    balances.tenant_id,
    balances.customer_id,
    balances.currency,
    balances.period,
    balances.earned_minor,
    {{ major_units('balances.earned_minor', 'currencies.exponent') }} as earned,
    balances.spent_minor,
    {{ major_units('balances.spent_minor', 'currencies.exponent') }} as spent,
    balances.expired_minor,
    {{ major_units('balances.expired_minor', 'currencies.exponent') }} as expired,
    balances.reversed_minor,
    {{ major_units('balances.reversed_minor', 'currencies.exponent') }} as reversed,
    balances.unfunded_minor,
    {{ major_units('balances.unfunded_minor', 'currencies.exponent') }} as unfunded,
    balances.closing_minor,
    {{ major_units('balances.closing_minor', 'currencies.exponent') }} as closing,
    balances.event_count,
    balances.rows_print
from balances
inner join currencies on balances.currency = currencies.currency
