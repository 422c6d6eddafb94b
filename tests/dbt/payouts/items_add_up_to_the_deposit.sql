-- The items of a payout are the payout, the unexplained part included.
{{ config(meta={'dagster': {'ref': {'name': 'payout_reconciliations'}}}) }}

with items as (
    select transaction_id, sum(net_minor) as net_minor
    from {{ ref('payout_reconciliations') }}
    group by transaction_id
)

select payouts.transaction_id, payouts.amount_minor, items.net_minor
from {{ ref('payouts') }} as payouts
left join items on payouts.transaction_id = items.transaction_id
where payouts.amount_minor != coalesce(items.net_minor, 0)
