with

payouts as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type = 'payout'
),

-- What a payout can be made of: whatever moved the balance, but neither a payout nor this payout's own return.
movements as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type != 'payout'
)

select
    payouts.transaction_id as payout_transaction_id,
    movements.transaction_id as member_transaction_id,
    movements.net_minor
from payouts
inner join movements
    on payouts.tenant_id = movements.tenant_id
        and payouts.source = movements.source
        and payouts.source_account = movements.source_account
        and payouts.payout_id = movements.payout_id
        and payouts.currency = movements.currency
where
    movements.event_type != 'payout_reversal'
    or movements.processor_reference is distinct from payouts.payout_id
