with settled as (
    select * from {{ ref('int_fx__settled') }}
)

select
    {{ key_hash('fxs', ['tenant_id', 'account_code', 'settlement_id']) }} as fx_settlement_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(account_code as {{ dbt.type_string() }}) as account_code,
    cast(case when treatment = 'exchanged' then 'conversion' else 'match' end as {{ dbt.type_string() }}) as settled_by,
    cast(settlement_id as {{ dbt.type_string() }}) as settlement_id,
    cast(settled_on as date) as settled_on,
    cast(posting_period as date) as posting_period,
    cast(case when treatment = 'settled' then currency end as {{ dbt.type_string() }}) as transaction_currency,
    cast(case when treatment = 'settled' then remaining_minor end as bigint) as remaining_minor,
    {{ major_units("case when treatment = 'settled' then remaining_minor end", 'exponent') }} as remaining,
    cast(carrying_minor as bigint) as carrying_minor,
    {{ major_units('carrying_minor', 'functional_exponent') }} as carrying,
    cast(gain_minor as bigint) as gain_minor,
    {{ major_units('gain_minor', 'functional_exponent') }} as gain,
    cast(functional_currency as {{ dbt.type_string() }}) as functional_currency
from settled
