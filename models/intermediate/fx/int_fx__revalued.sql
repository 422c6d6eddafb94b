-- The balances at the end of a month at the rate of its last day. A balance of nothing needs no rate: what the books still carry is
-- all gain or loss. Null where a rate is missing, of the day or of a line.
with month_balances as (
    select * from {{ ref('int_fx__month_balances') }} where balance_minor != 0 or carrying_minor != 0 or without_rate != 0
),

tenant_books as (
    select tenant_id, functional_currency, functional_exponent, functional_factor
    from {{ ref('int_fx__books') }}
    group by tenant_id, functional_currency, functional_exponent, functional_factor
),

fx_rates as (
    select * from {{ ref('fx_rates') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

rated as (
    select
        month_balances.*,
        tenant_books.functional_currency,
        tenant_books.functional_exponent,
        tenant_books.functional_factor,
        currencies.exponent,
        currencies.minor_unit_factor,
        fx_rates.rate
    from month_balances
    inner join tenant_books on month_balances.tenant_id = tenant_books.tenant_id
    inner join currencies on month_balances.currency = currencies.currency
    left join fx_rates
        on
            month_balances.tenant_id = fx_rates.tenant_id
            and month_balances.period_end = fx_rates.rate_on
            and month_balances.currency = fx_rates.base_currency
),

valued as (
    select
        rated.*,
        case
            when balance_minor = 0 then 0
            when rate is not null then {{ converted_minor('balance_minor', 'rate', 'minor_unit_factor', 'functional_factor') }}
        end as revalued_minor
    from rated
)

select
    valued.*,
    case when without_rate = 0 then revalued_minor - carrying_minor end as gain_minor
from valued
