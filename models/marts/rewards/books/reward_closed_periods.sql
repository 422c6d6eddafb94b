with closed_periods as (
    select * from {{ source('ops', 'closed_reward_periods') }}
    where closed_at <= {{ as_of() }} and coalesce(reopened_at > {{ as_of() }}, true)
),

closed_months as (
    select * from {{ ref('int_rewards__closed_months') }}
),

counted as (
    select
        close_id,
        cast(sum(case when now_event_count != 0 or now_rows_print != 0 then 1 else 0 end) as {{ dbt.type_string() }})
        || ':' || cast(sum(now_rows_print) as {{ dbt.type_string() }}) as fingerprint,
        sum(case when was_rows_print != now_rows_print or was_event_count != now_event_count then 1 else 0 end) as adjusted_count
    from closed_months
    group by close_id
)

select
    cast(closed_periods.close_id as {{ dbt.type_string() }}) as close_id,
    cast(closed_periods.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(closed_periods.period as date) as period,
    cast(closed_periods.from_period as date) as from_period,
    cast(closed_periods.fingerprint as {{ dbt.type_string() }}) as fingerprint,
    cast(coalesce(counted.fingerprint, '0:0') as {{ dbt.type_string() }}) as fingerprint_now,
    coalesce(closed_periods.fingerprint = coalesce(counted.fingerprint, '0:0'), false) as is_unchanged,
    cast(coalesce(counted.adjusted_count, 0) as bigint) as adjusted_count,
    cast(closed_periods.closed_by as {{ dbt.type_string() }}) as closed_by,
    cast(closed_periods.closed_at as timestamp) as closed_at
from closed_periods
left join counted on closed_periods.close_id = counted.close_id
