{# What is not posted is not on the account: by event of the contract, the account's role and the side it would have been on. #}
{% set unposted = {
    'fee_overcharged': ('fee_claims', 1),
    'fee_undercharged': ('fee_accruals', 1),
    'fee_accrued': ('fee_accruals', -1),
    'fee_invoice_true_up': ('fee_accruals', -1),
    'fee_invoice_paid': ('fee_accruals', 1),
} -%}
-- What contract and invoices say that claims and accruals come to, from the audit and the months of fees, beside what the books hold.
with figures as (
    select
        tenant_id, currency,
        case state when 'overcharged' then 'fee_claims' else 'fee_accruals' end as scope,
        difference_minor as expected,
        0 as found
    from {{ ref('fee_audit') }}
    where state in ('overcharged', 'undercharged')
    union all
    select tenant_id, currency, 'fee_accruals' as scope, -owed_minor as expected, 0 as found
    from {{ ref('fee_accruals') }}
    {% for event_type, (role, sign) in unposted.items() %}
        union all
        select tenant_id, currency, '{{ role }}' as scope, {{ -sign }} * amount_minor as expected, 0 as found
        from {{ ref('unposted_transactions') }}
        where party = 'contract' and event_type = '{{ event_type }}'
    {% endfor %}
    union all
    -- What two people decided.
    select entries.tenant_id, entries.currency, accounts.role as scope, entries.amount_minor as expected, 0 as found
    from {{ ref('ledger_entries') }} as entries
    inner join {{ ref('int_controls__cleared_accounts') }} as accounts
        on entries.tenant_id = accounts.tenant_id and entries.account_code = accounts.account_code
    where accounts.role in ('fee_claims', 'fee_accruals') and {{ is_write_off('entries.transaction_id') }}
    union all
    select tenant_id, currency, role as scope, 0 as expected, closing_minor as found
    from {{ ref('int_controls__closing_balances') }}
    where role in ('fee_claims', 'fee_accruals')
)

select
    tenant_id,
    scope,
    currency,
    cast(sum(expected) as bigint) as expected,
    cast(sum(found) as bigint) as found
from figures
group by tenant_id, scope, currency
