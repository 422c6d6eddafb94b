with ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

movements as (
    select
        tenant_id,
        account_code,
        currency,
        posting_period as period,
        sum(debit_minor) as debits_minor,
        sum(credit_minor) as credits_minor
    from ledger_entries
    group by tenant_id, account_code, currency, posting_period
),

periods as (
    select
        tenant_id,
        period
    from movements
    group by tenant_id, period
),

accounts as (
    select
        tenant_id,
        account_code,
        currency,
        min(period) as first_period
    from movements
    group by tenant_id, account_code, currency
),

-- An account stays in view in a month in which only others moved.
account_periods as (
    select
        accounts.tenant_id,
        accounts.account_code,
        accounts.currency,
        periods.period
    from accounts
    inner join periods
        on accounts.tenant_id = periods.tenant_id and accounts.first_period <= periods.period
)

select
    account_periods.tenant_id,
    account_periods.account_code,
    account_periods.currency,
    account_periods.period,
    cast(coalesce(movements.debits_minor, 0) as bigint) as debits_minor,
    cast(coalesce(movements.credits_minor, 0) as bigint) as credits_minor
from account_periods
left join movements
    on
        account_periods.tenant_id = movements.tenant_id
        and account_periods.account_code = movements.account_code
        and account_periods.currency = movements.currency
        and account_periods.period = movements.period
