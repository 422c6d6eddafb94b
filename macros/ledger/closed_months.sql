{# Up to which month the books are closed as of the run: a close covers every month up to its own. Entries of rewards are bound by a
   close of rewards too. What comes too late for a closed month is booked in the first one after them. #}
{% macro closed_months() -%}
with closings as (
    select
        tenant_id,
        cast(period || '-01' as date) as period,
        false as is_of_rewards
    from {{ source('ops', 'closed_periods') }}
    where closed_at <= {{ as_of() }} and coalesce(reopened_at > {{ as_of() }}, true)
    union all
    select
        tenant_id,
        period,
        true as is_of_rewards
    from {{ source('ops', 'closed_reward_periods') }}
    where closed_at <= {{ as_of() }} and coalesce(reopened_at > {{ as_of() }}, true)
),

binding as (
    select * from closings
    union all
    select
        tenant_id,
        period,
        true as is_of_rewards
    from closings
    where not is_of_rewards
)

select
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    is_of_rewards,
    max(period) as closed_until,
    cast({{ dbt.dateadd('month', 1, 'max(period)') }} as date) as books_into
from binding
group by tenant_id, is_of_rewards
{%- endmacro %}
