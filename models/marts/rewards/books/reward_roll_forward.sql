with customer_months as (
    select * from {{ ref('reward_customer_months') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

moved as (
    select
        tenant_id,
        currency,
        period,
        sum(earned_minor) as earned_minor,
        sum(spent_minor) as spent_minor,
        sum(expired_minor) as expired_minor,
        sum(reversed_minor) as reversed_minor,
        sum(unfunded_minor) as unfunded_minor,
        sum(event_count) as event_count,
        sum(rows_print) as rows_print
    from customer_months
    group by tenant_id, currency, period
),

-- A month in which nothing moved has its line too.
every_month as (
    select
        tenant_id,
        currency,
        {{ months_between('min(period)', 'max(period)') }} as period
    from moved
    group by tenant_id, currency
),

months as (
    select
        every_month.tenant_id,
        every_month.currency,
        every_month.period,
        cast(coalesce(moved.earned_minor, 0) as bigint) as earned_minor,
        cast(coalesce(moved.spent_minor, 0) as bigint) as spent_minor,
        cast(coalesce(moved.expired_minor, 0) as bigint) as expired_minor,
        cast(coalesce(moved.reversed_minor, 0) as bigint) as reversed_minor,
        cast(coalesce(moved.unfunded_minor, 0) as bigint) as unfunded_minor,
        cast(coalesce(moved.event_count, 0) as bigint) as event_count,
        cast(coalesce(moved.rows_print, 0) as decimal(38, 0)) as rows_print
    from every_month
    left join moved
        on
            every_month.tenant_id = moved.tenant_id
            and every_month.currency = moved.currency
            and every_month.period = moved.period
),

rolled as (
    select
        *,
        cast(sum(earned_minor - spent_minor - expired_minor + reversed_minor) over (
            partition by tenant_id, currency order by period rows unbounded preceding
        ) as bigint) as closing_minor
    from months
),

opened as (
    select
        rolled.*,
        coalesce(lag(rolled.closing_minor) over (
            partition by rolled.tenant_id, rolled.currency order by rolled.period
        ), 0) as opening_minor,
        currencies.exponent
    from rolled
    inner join currencies on rolled.currency = currencies.currency
)

select
    {{ key_hash('rrf', ['tenant_id', 'currency', 'period']) }} as reward_roll_forward_id,
    tenant_id,
    currency,
    period,
    cast(opening_minor as bigint) as opening_minor,
    {{ major_units('opening_minor', 'exponent') }} as opening,
    earned_minor,
    {{ major_units('earned_minor', 'exponent') }} as earned,
    spent_minor,
    {{ major_units('spent_minor', 'exponent') }} as spent,
    expired_minor,
    {{ major_units('expired_minor', 'exponent') }} as expired,
    reversed_minor,
    {{ major_units('reversed_minor', 'exponent') }} as reversed,
    closing_minor,
    {{ major_units('closing_minor', 'exponent') }} as closing,
    unfunded_minor,
    {{ major_units('unfunded_minor', 'exponent') }} as unfunded,
    event_count,
    rows_print
from opened
