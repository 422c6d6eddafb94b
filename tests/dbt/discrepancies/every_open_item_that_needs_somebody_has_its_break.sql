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
    select reconciliation, transaction_id, kind from discrepancies
    union all
    select reconciliation, counterpart_transaction_id as transaction_id, kind
    from discrepancies
    where kind in ('currency_differs', 'key_conflict')
),

-- One row may be missing in two reconciliations: each has its own break. The other kinds speak of the row wherever it stands.
breaks as (
    select
        open_items.reconciliation,
        open_items.transaction_id,
        count(*) as breaks,
        sum(case when spoken_of.kind like 'missing_%' then 1 else 0 end) as missing_breaks
    from open_items
    inner join spoken_of
        on
            open_items.transaction_id = spoken_of.transaction_id
            and (spoken_of.kind not like 'missing_%' or open_items.reconciliation = spoken_of.reconciliation)
    group by open_items.reconciliation, open_items.transaction_id
)

select
    open_items.reconciliation,
    open_items.transaction_id,
    open_items.state,
    open_items.reason_code,
    breaks.breaks
from open_items
left join breaks on open_items.transaction_id = breaks.transaction_id and open_items.reconciliation = breaks.reconciliation
where
    case
        when open_items.state = 'missing' then coalesce(breaks.missing_breaks, 0) != 1
        when
            open_items.state = 'ambiguous' or open_items.reason_code in ('duplicate', 'unknown_event_type')
            then breaks.breaks is null or breaks.missing_breaks > 0
        when open_items.reason_code in ('returned', 'failed') or open_items.state = 'expected' then breaks.missing_breaks > 0
        else false
    end
