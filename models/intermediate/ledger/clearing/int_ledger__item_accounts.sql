-- Which roles end at their open items; a role without any (bank, sales) is told by its source.
with accounts as (
    select * from {{ ref('int_ledger__accounts') }}
)

select
    tenant_id,
    account_code,
    account_name,
    role,
    reconciliation
from accounts
where role in ('clearing', 'reserve', 'suspense', 'fee_claims', 'fee_accruals')
