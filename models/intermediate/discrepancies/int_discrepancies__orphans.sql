-- Money that goes back for a sale which the same party never reported: what it refunds came too early to be in these files, stands in
-- another account, or was never sold. Told by the merchant's reference; a return without one says nothing of its sale. Where the processor
-- tells the same return, its row is the break and that of the books is none.
with transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }} where reference is not null
),

sales as (
    select
        tenant_id,
        side,
        source,
        coalesce(source_account, '') as account,
        reference
    from transactions
    where event_type = 'charge'
    group by tenant_id, side, source, coalesce(source_account, ''), reference
),

lonely as (
    select
        transactions.*,
        coalesce({{ normalised_reference('transactions.reference') }}, transactions.reference) as reference_key
    from transactions
    left join sales
        on
            transactions.tenant_id = sales.tenant_id
            and transactions.side = sales.side
            and transactions.source = sales.source
            and coalesce(transactions.source_account, '') = sales.account
            and transactions.reference = sales.reference
    where
        transactions.event_type in ('refund', 'chargeback', 'chargeback_reversal')
        and coalesce(transactions.status, '') not in ('failed', 'canceled')
        and sales.reference is null
),

told_by_processors as (
    select tenant_id, reference_key, event_type, currency, amount_minor
    from lonely
    where side = 'processor'
    group by tenant_id, reference_key, event_type, currency, amount_minor
)

select
    lonely.*,
    cast(null as {{ dbt.type_string() }}) as reconciliation,
    cast(null as {{ dbt.type_string() }}) as match_id,
    cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id
from lonely
left join told_by_processors
    on
        lonely.tenant_id = told_by_processors.tenant_id
        and lonely.reference_key = told_by_processors.reference_key
        and lonely.event_type = told_by_processors.event_type
        and lonely.currency = told_by_processors.currency
        and lonely.amount_minor = told_by_processors.amount_minor
where lonely.side = 'processor' or told_by_processors.tenant_id is null
