-- The categories of a payout and its unexplained part are the payout, in money; in shares they are its explained part.
{{ config(meta={'dagster': {'ref': {'name': 'payout_categories'}}}) }}

with told as (
    select
        transaction_id,
        sum(net_minor) as net_minor,
        sum(share_bps) as share_bps,
        count(share_bps) as shares
    from {{ ref('payout_categories') }}
    group by transaction_id
)

select
    payouts.transaction_id,
    payouts.amount_minor,
    payouts.unexplained_minor,
    told.net_minor,
    told.share_bps
from {{ ref('payouts') }} as payouts
left join told on payouts.transaction_id = told.transaction_id
where
    payouts.amount_minor != coalesce(told.net_minor, 0) + payouts.unexplained_minor
    or (payouts.explained_bps is not null and coalesce(told.shares, 0) > 0 and told.share_bps != payouts.explained_bps)
    or (payouts.explained_bps is not null and told.transaction_id is null and payouts.explained_bps != 0)
