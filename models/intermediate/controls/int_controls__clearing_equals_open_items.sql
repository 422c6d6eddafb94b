-- A clearing account holds what one party said and the other did not (open items and both sides of proposals), what they said
-- differently (differences of matches), less what two people wrote off; nothing else may be left on it: a row of an unknown kind is an open
-- item and stands in suspense. That of every account with open items these add up to its balance, that claims and accruals are what
-- contract and invoices say, and that what stands in suspense is told as a break, is said here too.
with accounts as (
    select * from {{ ref('int_controls__cleared_accounts') }}
),

balances as (
    select * from {{ ref('int_controls__closing_balances') }}
),

answered as (
    select reconciliation, role, transaction_id from {{ ref('match_members') }}
    union all
    select reconciliation, role, transaction_id from {{ ref('open_items') }}
),

unposted as (
    select * from {{ ref('unposted_transactions') }}
),

in_scope as (
    select * from {{ ref('int_controls__in_scope') }} where event_type != 'unknown'
),

write_offs as (
    select {{ key_hash('wof', ['tenant_id', 'write_off_id']) }} as transaction_id from {{ ref('write_offs') }}
),

account_items as (
    select * from {{ ref('open_account_items') }}
),

cleared as (
    select reconciliation from accounts where reconciliation is not null group by reconciliation
),

told as (
    select tenant_id, transaction_id from {{ ref('discrepancies') }} group by tenant_id, transaction_id
),

figures as (
    select
        in_scope.tenant_id, answered.reconciliation as scope, 'amount' as measure, in_scope.currency,
        case when answered.role = 'left' then in_scope.amount_minor else -in_scope.amount_minor end as expected,
        0 as found
    from answered
    inner join cleared on answered.reconciliation = cleared.reconciliation
    inner join in_scope
        on answered.transaction_id = in_scope.transaction_id and answered.reconciliation = in_scope.reconciliation
    left join unposted on answered.transaction_id = unposted.transaction_id
    where unposted.transaction_id is null
    union all
    select
        entries.tenant_id, accounts.reconciliation as scope, 'amount' as measure, entries.currency, entries.amount_minor as expected,
        0 as found
    from {{ ref('ledger_entries') }} as entries
    inner join write_offs on entries.transaction_id = write_offs.transaction_id
    inner join accounts on entries.tenant_id = accounts.tenant_id and entries.account_code = accounts.account_code
    where accounts.reconciliation is not null
    union all
    select
        balances.tenant_id, accounts.reconciliation as scope, 'amount' as measure, balances.currency, 0 as expected,
        balances.closing_minor as found
    from balances
    inner join accounts on balances.tenant_id = accounts.tenant_id and balances.account_code = accounts.account_code
    where accounts.reconciliation is not null
    union all
    select
        balances.tenant_id, 'items of account ' || balances.account_code as scope, 'amount' as measure, balances.currency,
        balances.closing_minor as expected, 0 as found
    from balances
    inner join accounts on balances.tenant_id = accounts.tenant_id and balances.account_code = accounts.account_code
    where accounts.role in ('clearing', 'reserve', 'suspense', 'fee_claims', 'fee_accruals')
    union all
    select
        tenant_id, 'items of account ' || account_code as scope, 'amount' as measure, currency, 0 as expected, balance_minor as found
    from account_items
    union all
    select tenant_id, scope, 'amount' as measure, currency, expected, found
    from {{ ref('int_controls__contract_fees') }}
    union all
    select
        account_items.tenant_id, 'suspense' as scope, 'items with a break' as measure, account_items.currency, 1 as expected,
        case when told.transaction_id is not null then 1 else 0 end as found
    from account_items
    -- of rewards their own controls speak
    inner join {{ ref('transactions') }} as transactions on account_items.transaction_id = transactions.transaction_id
    left join told on account_items.tenant_id = told.tenant_id and account_items.transaction_id = told.transaction_id
    where account_items.role = 'suspense'
)

select
    'clearing_equals_open_items' as control, tenant_id, scope, measure, currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, measure, currency
