-- What the disputes moved is what the books posted for them, dispute row by dispute row, once: the processor balance by the net of what
-- processors told, clearing by what only the books did. Rows the ledger leaves out for a reason are left out here. And what the disputes
-- cost is what their events moved; money in another currency than the dispute's stands beside it, each row with its fault.
with

transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
    where event_type in ('chargeback', 'chargeback_reversal') and status not in ('failed', 'canceled')
),

unposted as (
    select transaction_id from {{ ref('unposted_transactions') }} group by transaction_id
),

events as (
    select transaction_id, count(*) as times_told, sum(net_minor) as net_minor
    from {{ ref('chargeback_events') }}
    where transaction_id is not null
    group by transaction_id
),

accounts as (
    select * from {{ ref('int_controls__cleared_accounts') }}
),

entries as (
    select ledger_entries.transaction_id, sum(ledger_entries.amount_minor) as amount_minor
    from {{ ref('ledger_entries') }} as ledger_entries
    inner join transactions on ledger_entries.transaction_id = transactions.transaction_id
    inner join accounts
        on ledger_entries.tenant_id = accounts.tenant_id and ledger_entries.account_code = accounts.account_code
    where accounts.role = case when transactions.side = 'processor' then 'balance' else 'clearing' end
    group by ledger_entries.transaction_id
),

-- Every dispute row of a processor is in a dispute, and none twice; of the books those that no processor told of.
compared as (
    select
        transactions.tenant_id,
        transactions.source,
        transactions.currency,
        case
            when events.times_told != 1 or events.times_told is null or events.net_minor != transactions.net_minor then 0
            when unposted.transaction_id is not null or entries.amount_minor = transactions.net_minor then 1
            else 0
        end as ties
    from transactions
    left join events on transactions.transaction_id = events.transaction_id
    left join entries on transactions.transaction_id = entries.transaction_id
    left join unposted on transactions.transaction_id = unposted.transaction_id
    where transactions.side = 'processor' or events.transaction_id is not null
),

net_effects as (
    select tenant_id, currency, net as told, case when fault = 'money_in_another_currency' then net else 0 end as counted
    from {{ ref('chargeback_events') }}
    where transaction_id is not null
    union all
    select tenant_id, settlement_currency as currency, 0 as told, net_effect as counted
    from {{ ref('chargebacks') }}
    where moved_minor != 0 or fee_minor != 0
)

select
    'chargebacks_tie' as control,
    tenant_id,
    source as scope,
    'rows' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(ties) as decimal(28, 4)) as found
from compared
group by tenant_id, source, currency
union all
select
    'chargebacks_tie' as control,
    tenant_id,
    'net effect' as scope,
    'amount' as measure,
    currency,
    cast(sum(told) as decimal(28, 4)) as expected,
    cast(sum(counted) as decimal(28, 4)) as found
from net_effects
group by tenant_id, currency
