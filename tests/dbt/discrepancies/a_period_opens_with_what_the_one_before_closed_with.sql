-- Over all lines: each look opens with the closing of the look before, each month with that of the month before. A line of zeros is no row.
{{ config(meta={'dagster': {'ref': {'name': 'ageing_roll_forward'}}}) }}

with looks as (
    select
        tenant_id, reconciliation, kind, source, currency, ageing_bucket, period_from, period_to, opening_count, opening_minor,
        closing_count, closing_minor, nullif(max(period_to) over (), period_to) as next_to
    from {{ ref('ageing_roll_forward') }}
),

months as (
    select
        rolled.*,
        dense_rank() over (partition by tenant_id order by period) as place
    from {{ ref('ageing_roll_forward_months') }} as rolled
),

ends as (
    select
        tenant_id, reconciliation, kind, source, currency, ageing_bucket, cast(period_to as {{ dbt.type_string() }}) as moment,
        closing_count as items, closing_minor as minor
    from looks
    where next_to is not null
    union all
    select
        tenant_id, reconciliation, kind, source, currency, ageing_bucket, cast(period_from as {{ dbt.type_string() }}) as moment,
        -opening_count as items, -opening_minor as minor
    from looks
    where period_from is not null
    union all
    select
        tenant_id, reconciliation, kind, source, currency, ageing_bucket, 'month ' || cast(place as {{ dbt.type_string() }}) as moment,
        closing_count as items, closing_minor as minor
    from months
    where place < (select max(others.place) from months as others where months.tenant_id = others.tenant_id)
    union all
    select
        tenant_id, reconciliation, kind, source, currency, ageing_bucket, 'month ' || cast(place - 1 as {{ dbt.type_string() }}) as moment,
        -opening_count as items, -opening_minor as minor
    from months
)

select
    tenant_id, reconciliation, kind, source, currency, ageing_bucket, moment,
    sum(items) as items,
    sum(minor) as minor
from ends
group by tenant_id, reconciliation, kind, source, currency, ageing_bucket, moment
having sum(items) != 0 or sum(minor) != 0
