-- What is missing, ambiguous, a duplicate, in conflict or of unknown type is a break, as its subject or its counterpart; what is expected
-- or excluded for a harmless reason is none.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with open_items as (
    select * from {{ ref('open_items') }}
),

discrepancies as (
    select * from {{ ref('discrepancies') }} where match_id is null and kind != 'payout_does_not_tie'
),

spoken_of as (
    select transaction_id, kind from discrepancies
    union all
    select counterpart_transaction_id as transaction_id, kind
    from discrepancies
    where kind in ('currency_differs', 'key_conflict')
),

breaks as (
    select
        transaction_id,
        count(*) as breaks,
        sum(case when kind like 'missing_%' then 1 else 0 end) as missing_breaks
    from spoken_of
    where transaction_id is not null
    group by transaction_id
)

select
    open_items.reconciliation,
    open_items.transaction_id,
    open_items.state,
    open_items.reason_code,
    breaks.breaks
from open_items
left join breaks on open_items.transaction_id = breaks.transaction_id
where
    case
        when open_items.state = 'missing' then coalesce(breaks.missing_breaks, 0) != 1
        when
            open_items.state = 'ambiguous' or open_items.reason_code in ('duplicate', 'unknown_event_type')
            then breaks.breaks is null or breaks.missing_breaks > 0
        when open_items.reason_code in ('returned', 'failed') or open_items.state = 'expected' then breaks.missing_breaks > 0
        else false
    end
