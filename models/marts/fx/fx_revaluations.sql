with revalued as (
    select * from {{ ref('int_fx__revalued') }}
)

select
    {{ key_hash('fxv', ['tenant_id', 'account_code', 'currency', 'posting_period']) }} as fx_revaluation_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(account_code as {{ dbt.type_string() }}) as account_code,
    cast(posting_period as date) as posting_period,
    cast(period_end as date) as period_end,
    cast(currency as {{ dbt.type_string() }}) as transaction_currency,
    cast(balance_minor as bigint) as balance_minor,
    {{ major_units('balance_minor', 'exponent') }} as balance,
    cast(rate as decimal(20, 12)) as rate,
    cast(carrying_minor as bigint) as carrying_minor,
    {{ major_units('carrying_minor', 'functional_exponent') }} as carrying,
    cast(revalued_minor as bigint) as revalued_minor,
    {{ major_units('revalued_minor', 'functional_exponent') }} as revalued,
    cast(gain_minor as bigint) as gain_minor,
    {{ major_units('gain_minor', 'functional_exponent') }} as gain,
    cast(functional_currency as {{ dbt.type_string() }}) as functional_currency
from revalued
