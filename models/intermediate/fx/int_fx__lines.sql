-- Every journal line of a tenant with books in one currency, and the rate of its day. The rate is null where nobody published one that is
-- young enough, and the amount with it.
with ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

tenant_books as (
    select tenant_id, functional_currency, functional_exponent, functional_factor
    from {{ ref('int_fx__books') }}
    group by tenant_id, functional_currency, functional_exponent, functional_factor
),

accounts as (
    select * from {{ ref('int_fx__accounts') }}
),

fx_rates as (
    select * from {{ ref('fx_rates') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

rated as (
    select
        ledger_entries.*,
        accounts.treatment,
        currencies.minor_unit_factor,
        currencies.exponent,
        tenant_books.functional_currency,
        tenant_books.functional_factor,
        tenant_books.functional_exponent,
        case
            when ledger_entries.currency = tenant_books.functional_currency then cast(1 as decimal(20, 12))
            else fx_rates.rate
        end as rate,
        case when ledger_entries.currency = tenant_books.functional_currency then ledger_entries.posted_on else fx_rates.published_on end
            as rate_published_on
    from ledger_entries
    inner join tenant_books on ledger_entries.tenant_id = tenant_books.tenant_id
    inner join accounts on ledger_entries.tenant_id = accounts.tenant_id and ledger_entries.account_code = accounts.account_code
    inner join currencies on ledger_entries.currency = currencies.currency
    left join fx_rates
        on
            ledger_entries.tenant_id = fx_rates.tenant_id
            and ledger_entries.posted_on = fx_rates.rate_on
            and ledger_entries.currency = fx_rates.base_currency
)

select
    rated.*,
    case when rate is not null then {{ converted_minor('amount_minor', 'rate', 'minor_unit_factor', 'functional_factor') }} end
        as functional_minor
from rated
