-- Without a due date nothing would ever be "expected", and without a row for any processor a new one would have none.
{{ config(meta={'dagster': {'ref': {'name': 'open_items'}}}) }}

with reconciliations as (
    select * from {{ ref('reconciliations') }}
),

calendars as (
    select * from {{ ref('settlement_calendars') }} where processor = '*' and event_type = '*'
),

sides as (
    select reconciliation, left_side as side from reconciliations
    union all
    select reconciliation, right_side as side from reconciliations
    where right_side != left_side
)

select
    sides.reconciliation,
    sides.side
from sides
left join calendars on sides.reconciliation = calendars.reconciliation and sides.side = calendars.side
where calendars.side is null
