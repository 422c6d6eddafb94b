-- The months that are closed as of the run, and the first open month after each: where what comes too late for it is booked.
with closed_periods as (
    select
        tenant_id,
        cast(period || '-01' as date) as period
    from {{ source('ops', 'closed_periods') }}
    where closed_at <= {{ as_of() }} and coalesce(reopened_at > {{ as_of() }}, true)
    group by tenant_id, period
),

numbered as (
    select
        *,
        row_number() over (partition by tenant_id order by period) as place
    from closed_periods
),

-- Closed months in a row share the month they would all have started from.
runs as (
    select
        *,
        cast({{ dbt.dateadd('month', '-place', 'period') }} as date) as before_the_run
    from numbered
)

select
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    period,
    cast({{ dbt.dateadd('month', 1, 'max(period) over (partition by tenant_id, before_the_run)') }} as date) as books_into
from runs
