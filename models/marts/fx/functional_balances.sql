with entries as (
    select * from {{ ref('functional_entries') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

movements as (
    select
        tenant_id,
        account_code,
        min(account_name) as account_name,
        currency,
        posting_period,
        sum(debit_minor) as debits_minor,
        sum(credit_minor) as credits_minor
    from entries
    group by tenant_id, account_code, currency, posting_period
),

balances as (
    select
        movements.*,
        sum(debits_minor - credits_minor) over (
            partition by tenant_id, account_code, currency order by posting_period rows unbounded preceding
        ) as closing_minor
    from movements
)

select
    {{ key_hash('fbl', ['balances.tenant_id', 'balances.account_code', 'balances.posting_period']) }} as functional_balance_id,
    balances.tenant_id,
    balances.account_code,
    balances.account_name,
    balances.currency,
    balances.posting_period as period,
    cast(balances.closing_minor - balances.debits_minor + balances.credits_minor as bigint) as opening_minor,
    {{ major_units('balances.closing_minor - balances.debits_minor + balances.credits_minor', 'currencies.exponent') }} as opening,
    cast(balances.debits_minor as bigint) as debits_minor,
    {{ major_units('balances.debits_minor', 'currencies.exponent') }} as debits,
    cast(balances.credits_minor as bigint) as credits_minor,
    {{ major_units('balances.credits_minor', 'currencies.exponent') }} as credits,
    cast(balances.closing_minor as bigint) as closing_minor,
    {{ major_units('balances.closing_minor', 'currencies.exponent') }} as closing
from balances
inner join currencies on balances.currency = currencies.currency
