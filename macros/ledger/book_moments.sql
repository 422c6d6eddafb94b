{# What a journal must not go behind: people closed and opened months by what they saw then, and a build that was good was believed. A
   build that is under way has no good end yet, so its own line of the diary does not hold it up. #}
{% macro book_moments() -%}
with closings as (
    select closed_at, reopened_at from {{ source('ops', 'closed_periods') }}
    union all
    select closed_at, reopened_at from {{ source('ops', 'closed_reward_periods') }}
),

runs as (
    select * from {{ source('ops', 'runs') }} where status in ('succeeded', 'attention')
)

select
    'closing' as kind,
    max(greatest(closed_at, coalesce(reopened_at, closed_at))) as moment
from closings
union all
select
    'build' as kind,
    max(coalesce(as_of, started_at)) as moment
from runs
{%- endmacro %}
