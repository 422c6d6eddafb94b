-- A warning and no failure: money that comes after it was written off leaves the write-off as the open item, until somebody takes it back.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'account_lines'}}}, group='ledger') }}

with write_offs as (
    select * from {{ ref('write_offs') }}
),

events as (
    select
        tenant_id,
        event_type
    from write_offs
    group by tenant_id, event_type
),

items as (
    select
        lines.tenant_id,
        lines.account_code,
        lines.item_id,
        lines.currency,
        sum(case when events.event_type is null then lines.amount_minor else 0 end) as open_minor,
        sum(case when events.event_type is null then 0 else -lines.amount_minor end) as written_off_minor
    from {{ ref('account_lines') }} as lines
    left join events on lines.tenant_id = events.tenant_id and lines.event_type = events.event_type
    where lines.item_id is not null
    group by lines.tenant_id, lines.account_code, lines.item_id, lines.currency
)

select *
from items
where
    written_off_minor != 0
    and (abs(written_off_minor) > abs(open_minor) or (written_off_minor > 0) != (open_minor > 0))
