-- What came too late for a closed month is booked in a later one, with its own day: by days the accounts say what happened when, by
-- posting_period what was in the books when.
with ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

account_balances as (
    select * from {{ ref('account_balances') }}
),

accounts as (
    select tenant_id, account_code, max({{ bytewise('role') }}) as role
    from {{ ref('account_balances') }}
    group by tenant_id, account_code
),

movements as (
    select
        tenant_id,
        account_code,
        currency,
        cast({{ dbt.date_trunc('month', 'posted_on') }} as date) as period,
        sum(amount_minor) as moved_minor
    from ledger_entries
    group by tenant_id, account_code, currency, cast({{ dbt.date_trunc('month', 'posted_on') }} as date)
),

periods as (
    select tenant_id, period from account_balances
    union
    select tenant_id, period from movements
),

firsts as (
    select
        tenant_id,
        account_code,
        currency,
        min(period) as first_period
    from movements
    group by tenant_id, account_code, currency
)

select
    firsts.tenant_id,
    firsts.account_code,
    accounts.role,
    firsts.currency,
    periods.period,
    cast(
        sum(coalesce(movements.moved_minor, 0)) over (
            partition by firsts.tenant_id, firsts.account_code, firsts.currency order by periods.period rows unbounded preceding
        ) as bigint
    ) as closing_minor
from firsts
inner join periods on firsts.tenant_id = periods.tenant_id and firsts.first_period <= periods.period
left join movements
    on
        firsts.tenant_id = movements.tenant_id
        and firsts.account_code = movements.account_code
        and firsts.currency = movements.currency
        and periods.period = movements.period
left join accounts on firsts.tenant_id = accounts.tenant_id and firsts.account_code = accounts.account_code
