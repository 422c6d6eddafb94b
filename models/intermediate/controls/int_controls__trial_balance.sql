with figures as (
    select
        tenant_id,
        'closing balances sum to zero' as scope,
        currency,
        0 as expected,
        closing_minor as found
    from {{ ref('int_controls__closing_balances') }}
    union all
    select
        tenant_id,
        'debits of the journal' as scope,
        currency,
        debit_minor as expected,
        0 as found
    from {{ ref('ledger_entries') }}
    union all
    select
        tenant_id,
        'debits of the journal' as scope,
        currency,
        0 as expected,
        debits_minor as found
    from {{ ref('account_balances') }}
    union all
    select
        tenant_id,
        'balance of account ' || account_code as scope,
        currency,
        amount_minor as expected,
        0 as found
    from {{ ref('ledger_entries') }}
    union all
    select
        tenant_id,
        'balance of account ' || account_code as scope,
        currency,
        0 as expected,
        closing_minor as found
    from {{ ref('int_controls__closing_balances') }}
)

select
    'trial_balance' as control,
    tenant_id,
    scope,
    'amount' as measure,
    currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, currency
