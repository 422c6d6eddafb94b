-- The month a line belongs to: that of its look. What was seen after a month's end and up to the look that the month was closed with
-- belongs to the closed month, so that its roll-forward ends with the figures that were closed. A close covers the months before its own.
with roll_forward as (
    select * from {{ ref('int_discrepancies__roll_forward') }}
),

closed_periods as (
    select
        tenant_id,
        period,
        max(built_as_of) as built_as_of
    from {{ source('ops', 'closed_periods') }}
    where closed_at <= {{ as_of() }} and coalesce(reopened_at > {{ as_of() }}, true)
    group by tenant_id, period
),

-- Months are closed in order, so the last close was made of the latest look.
last_closed as (
    select
        tenant_id,
        max(period) as period,
        max(built_as_of) as built_as_of
    from closed_periods
    group by tenant_id
),

dated as (
    select
        roll_forward.*,
        substring(cast(period_to as {{ dbt.type_string() }}), 1, 7) as month,
        substring(cast({{ add_days(dbt.date_trunc('month', 'period_to'), -1) }} as {{ dbt.type_string() }}), 1, 7) as month_before
    from roll_forward
)

select
    dated.*,
    case when befores.period is not null then dated.month_before else dated.month end as period,
    befores.period is not null or closed.period is not null as is_closed
from dated
left join closed_periods as befores
    on dated.tenant_id = befores.tenant_id and dated.month_before = befores.period and dated.period_to <= befores.built_as_of
left join last_closed as closed
    on dated.tenant_id = closed.tenant_id and dated.month <= closed.period and dated.period_to <= closed.built_as_of
