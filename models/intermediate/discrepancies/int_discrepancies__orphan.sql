-- Money that goes back for a sale which the same party never reported: what it refunds came too early to be in these files, stands in
-- another account, or was never sold. Told by the merchant's reference; a return without one says nothing of its sale.
with transactions as (
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

orphans as (
    select
        transactions.*,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id
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
)

select
    'orphan' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    amount_minor as found_minor,
    abs(amount_minor) as amount_at_risk_minor,
    business_date as first_seen_on,
    'A ' || event_type || ' for ' || reference || ', of which ' || source || ' reported no sale.' as explanation
from orphans
