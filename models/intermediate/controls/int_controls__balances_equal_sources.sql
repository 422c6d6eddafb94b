-- The bank account of the books is what the statements moved, the processor balance what the processors moved.
with transactions as (
    select * from {{ ref('transactions') }}
),

unposted as (
    select * from {{ ref('unposted_transactions') }}
),

figures as (
    select
        transactions.tenant_id,
        case transactions.side when 'bank' then 'bank' else 'balance' end as scope,
        transactions.currency,
        case transactions.side when 'bank' then transactions.amount_minor else transactions.net_minor end as expected,
        0 as found
    from transactions
    left join unposted on transactions.transaction_id = unposted.transaction_id
    where transactions.side in ('bank', 'processor') and unposted.transaction_id is null
    union all
    select
        tenant_id,
        role as scope,
        currency,
        0 as expected,
        closing_minor as found
    from {{ ref('int_controls__closing_balances') }}
    where role in ('bank', 'balance')
)

select
    'balances_equal_sources' as control,
    tenant_id,
    scope,
    'amount' as measure,
    currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, currency
