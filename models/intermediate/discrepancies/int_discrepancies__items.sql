-- Every transaction in the scope of a reconciliation, where it stands, and whether a break speaks of it.
with transactions as (
    select * from {{ ref('transactions') }}
),

members as {{ read_in_place() }} (
    select * from {{ ref('match_members') }}
),

open_items as (
    select * from {{ ref('open_items') }}
),

discrepancies as (
    select * from {{ ref('discrepancies') }}
),

standing as (
    select reconciliation, transaction_id, role, status as state from members
    union all
    select reconciliation, transaction_id, role, state from open_items
),

touched as (
    select reconciliation, transaction_id, amount_at_risk_minor, is_accepted from discrepancies
    union all
    select reconciliation, counterpart_transaction_id as transaction_id, 0 as amount_at_risk_minor, is_accepted
    from discrepancies
    where
        counterpart_transaction_id is not null
        and kind in ('amount_differs', 'fee_differs', 'status_differs', 'currency_differs', 'date_differs')
    union all
    -- a proposal is a break of all its members
    select members.reconciliation, members.transaction_id, 0 as amount_at_risk_minor, discrepancies.is_accepted
    from discrepancies
    inner join members on discrepancies.match_id = members.match_id and discrepancies.transaction_id != members.transaction_id
    where discrepancies.kind = 'proposed_match'
),

breaks as (
    select
        reconciliation,
        transaction_id,
        sum(amount_at_risk_minor) as amount_at_risk_minor,
        max(case when is_accepted then 0 else 1 end) as is_open_break
    from touched
    group by reconciliation, transaction_id
)

select
    standing.reconciliation,
    standing.transaction_id,
    standing.role,
    standing.state,
    transactions.tenant_id,
    transactions.source,
    transactions.side,
    coalesce(transactions.processor, '(none)') as processor,
    transactions.business_date,
    transactions.currency,
    transactions.amount_minor,
    case when breaks.transaction_id is null then 0 else 1 end as is_discrepant,
    case when breaks.is_open_break = 0 then 1 else 0 end as is_accepted,
    coalesce(breaks.amount_at_risk_minor, 0) as amount_at_risk_minor
from standing
inner join transactions on standing.transaction_id = transactions.transaction_id
left join breaks
    on standing.reconciliation = breaks.reconciliation and standing.transaction_id = breaks.transaction_id
