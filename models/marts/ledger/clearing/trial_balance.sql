with account_balances as (
    select * from {{ ref('account_balances') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

sides as (
    select
        account_balances.*,
        closing_minor as balance_minor,
        greatest(closing_minor, 0) as debit_balance_minor,
        greatest(-closing_minor, 0) as credit_balance_minor
    from account_balances
)

select
    {{ key_hash('tri', ['sides.tenant_id', 'sides.period', 'sides.currency', 'sides.account_code']) }} as trial_balance_id,
    cast(sides.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(sides.period as date) as period,
    cast(sides.account_code as {{ dbt.type_string() }}) as account_code,
    cast(sides.account_name as {{ dbt.type_string() }}) as account_name,
    cast(sides.account_type as {{ dbt.type_string() }}) as account_type,
    {% for measure in ['debits', 'credits', 'debit_balance', 'credit_balance', 'balance'] %}
        cast(sides.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('sides.' ~ measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}
    cast(sides.currency as {{ dbt.type_string() }}) as currency
from sides
inner join currencies on sides.currency = currencies.currency
