with transactions as (
    select * from {{ ref('transactions') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

event_types as (
    select * from {{ ref('reconciliation_event_types') }}
)

select
    event_types.reconciliation,
    case when transactions.side = reconciliations.left_side then 'left' else 'right' end as role,
    -- As the other side would sign it.
    transactions.amount_minor
    * case when transactions.side = reconciliations.left_side then reconciliations.left_sign else reconciliations.right_sign end
        as amount_minor,
    transactions.tenant_id,
    transactions.transaction_id,
    transactions.currency
from transactions
inner join event_types
    on transactions.side = event_types.side and transactions.event_type = event_types.event_type
inner join reconciliations on event_types.reconciliation = reconciliations.reconciliation
where
    transactions.side = reconciliations.left_side
    or transactions.processor is not null
    or not reconciliations.right_needs_processor
