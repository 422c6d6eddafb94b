-- The lines of an entry are rounded each by itself and sum to zero before it: what is left is less than a unit a line. More is no rounding
-- but lines at different rates.
{{ config(meta={'dagster': {'ref': {'name': 'functional_entries'}}}, group='fx') }}
with lines as (
    select entry_id, count(*) as line_count
    from {{ ref('ledger_entries') }}
    group by entry_id
),

rounded as (
    select entry_id, sum(abs(amount_minor)) as rounded_minor
    from {{ ref('functional_entries') }}
    where line_kind = 'rounding'
    group by entry_id, currency
)

select rounded.entry_id, rounded.rounded_minor, lines.line_count
from rounded
left join lines on rounded.entry_id = lines.entry_id
where rounded.rounded_minor > coalesce(lines.line_count, 0)
