with movements as (
    select * from {{ ref('int_ledger__movements') }}
),

accounts as (
    select * from {{ ref('int_ledger__accounts') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

balances as (
    select
        *,
        sum(debits_minor - credits_minor) over (
            partition by tenant_id, account_code, currency order by period rows unbounded preceding
        ) as closing_minor
    from movements
),

typed as (
    select
        balances.tenant_id,
        balances.account_code,
        accounts.account_name,
        accounts.account_type,
        accounts.role,
        balances.currency,
        currencies.exponent,
        balances.period,
        cast(balances.closing_minor - balances.debits_minor + balances.credits_minor as bigint) as opening_minor,
        balances.debits_minor,
        balances.credits_minor,
        cast(balances.closing_minor as bigint) as closing_minor
    from balances
    inner join accounts on balances.tenant_id = accounts.tenant_id and balances.account_code = accounts.account_code
    inner join currencies on balances.currency = currencies.currency
)

select
    {{ key_hash('bal', ['tenant_id', 'account_code', 'currency', 'period']) }} as account_balance_id,
    tenant_id,
    account_code,
    account_name,
    account_type,
    role,
    currency,
    period,
    opening_minor,
    {{ major_units('opening_minor', 'exponent') }} as opening,
    debits_minor,
    {{ major_units('debits_minor', 'exponent') }} as debits,
    credits_minor,
    {{ major_units('credits_minor', 'exponent') }} as credits,
    closing_minor,
    {{ major_units('closing_minor', 'exponent') }} as closing
from typed
