with entries as (
    select
        tenant_id,
        currency,
        entry_id,
        sum(debit_minor) as debits_minor,
        sum(credit_minor) as credits_minor,
        sum(amount_minor) as amount_minor,
        min(greatest(debit_minor, credit_minor)) as smallest_line_minor
    from {{ ref('ledger_entries') }}
    group by tenant_id, currency, entry_id
)

select
    'entries_balance' as control,
    tenant_id,
    'journal' as scope,
    'entries' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(
        case
            when debits_minor = credits_minor and amount_minor = 0 and smallest_line_minor > 0 then 1 else 0
        end
    ) as decimal(28, 4)) as found
from entries
group by tenant_id, currency
