{% set movements = {
    'new': "entry_kind = 'original' and not is_late and not is_written_off",
    'late': "entry_kind = 'original' and is_late and not is_written_off",
    'written_off': "entry_kind = 'original' and is_written_off",
    'corrected': "entry_kind != 'original'",
} %}
with account_balances as (
    select * from {{ ref('account_balances') }}
),

ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- Late is what happened before the month it is booked in: its own month was closed.
lines as (
    select
        *,
        posted_on < posting_period as is_late,
        {{ is_write_off('transaction_id') }} as is_written_off
    from ledger_entries
),

moved as (
    select
        tenant_id, account_code, currency, posting_period,
        {% for movement, condition in movements.items() %}
            sum(case when {{ condition }} then amount_minor else 0 end) as {{ movement }}_minor,
        {% endfor %}
        count(*) as line_count
    from lines
    group by tenant_id, account_code, currency, posting_period
),

rolled as (
    select
        account_balances.*,
        {% for movement in movements %}
            coalesce(moved.{{ movement }}_minor, 0) as {{ movement }}_minor,
        {% endfor %}
        coalesce(moved.line_count, 0) as line_count
    from account_balances
    left join moved
        on
            account_balances.tenant_id = moved.tenant_id
            and account_balances.account_code = moved.account_code
            and account_balances.currency = moved.currency
            and account_balances.period = moved.posting_period
)

select
    {{ key_hash('arf', ['rolled.tenant_id', 'rolled.account_code', 'rolled.currency', 'rolled.period']) }} as account_roll_forward_id,
    cast(rolled.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(rolled.account_code as {{ dbt.type_string() }}) as account_code,
    cast(rolled.account_name as {{ dbt.type_string() }}) as account_name,
    cast(rolled.period as date) as period,
    {% for measure in ['opening', 'debits', 'credits'] + (movements | list) + ['closing'] %}
        cast(rolled.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('rolled.' ~ measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}
    cast(rolled.line_count as bigint) as line_count,
    cast(rolled.currency as {{ dbt.type_string() }}) as currency
from rolled
inner join currencies on rolled.currency = currencies.currency
