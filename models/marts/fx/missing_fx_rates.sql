-- Two questions need a rate: what a line of the journal was worth on its day, and what a balance is worth at the end of its month.
with lines as (
    select * from {{ ref('int_fx__lines') }} where functional_minor is null
),

revalued as (
    select * from {{ ref('int_fx__revalued') }} where revalued_minor is null
),

asked as (
    select tenant_id, currency, exponent, posted_on as rate_on, functional_currency, 1 as lines, 0 as balances, debit_minor as amount_minor
    from lines
    union all
    select
        tenant_id, currency, exponent, period_end as rate_on, functional_currency, 0 as lines, 1 as balances,
        abs(balance_minor) as amount_minor
    from revalued
),

days as (
    select
        tenant_id,
        currency,
        exponent,
        rate_on,
        functional_currency,
        sum(lines) as lines,
        sum(balances) as balances,
        sum(amount_minor) as amount_minor
    from asked
    group by tenant_id, currency, exponent, rate_on, functional_currency
)

select
    {{ key_hash('fxm', ['tenant_id', 'currency', 'rate_on']) }} as missing_fx_rate_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(rate_on as date) as rate_on,
    cast(currency as {{ dbt.type_string() }}) as currency,
    cast(functional_currency as {{ dbt.type_string() }}) as functional_currency,
    cast(lines as integer) as line_count,
    cast(balances as integer) as balance_count,
    cast(amount_minor as bigint) as amount_minor,
    {{ major_units('amount_minor', 'exponent') }} as amount
from days
