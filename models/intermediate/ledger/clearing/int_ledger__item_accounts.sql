-- The accounts that end at their open items, by tenant.
with ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

chart_of_accounts as (
    select * from {{ ref('chart_of_accounts') }} where role in ('clearing', 'reserve', 'suspense', 'fee_claims', 'fee_accruals')
),

used as (
    select
        tenant_id,
        account_code
    from ledger_entries
    group by tenant_id, account_code
)

select
    used.tenant_id,
    used.account_code,
    chart_of_accounts.role,
    chart_of_accounts.reconciliation
from used
inner join chart_of_accounts on used.account_code = chart_of_accounts.account_code
