-- Tenants that keep books in one currency, with the publishers of rates they use: their own rows, else everybody's.
-- A tenant for whom nobody publishes stays: every rate it needs is then a missing one.
with tenant_books as (
    select * from {{ ref('tenant_books') }}
),

rate_sources as (
    select * from {{ ref('fx_rate_sources') }}
),

own as (
    select tenant_id from rate_sources group by tenant_id
),

placed as (
    select
        tenant_books.*,
        coalesce(own.tenant_id, '*') as rates_of
    from tenant_books
    left join own on tenant_books.tenant_id = own.tenant_id
)

select
    placed.tenant_id,
    placed.functional_currency,
    placed.max_age_days,
    currencies.exponent as functional_exponent,
    currencies.minor_unit_factor as functional_factor,
    rate_sources.rate_source,
    rate_sources.priority
from placed
inner join {{ ref('currencies') }} as currencies on placed.functional_currency = currencies.currency
left join rate_sources on placed.rates_of = rate_sources.tenant_id
