-- What was frozen of a month and what the month is now, one below the other. A month that was or is not there is zero.
{% set figures = ['earned_minor', 'spent_minor', 'expired_minor', 'reversed_minor', 'unfunded_minor', 'event_count', 'rows_print'] -%}
with closed_periods as (
    select * from {{ source('ops', 'closed_reward_periods') }}
    where closed_at <= {{ as_of() }} and coalesce(reopened_at > {{ as_of() }}, true)
),

closed_months as (
    select * from {{ source('ops', 'closed_reward_months') }}
),

customer_months as (
    select * from {{ ref('reward_customer_months') }}
),

periods as (
    select
        tenant_id,
        period
    from customer_months
    group by tenant_id, period
),

-- A closing covers the months since the one before it.
covered as (
    select
        closed_periods.close_id,
        periods.tenant_id,
        periods.period
    from periods
    inner join closed_periods on periods.tenant_id = closed_periods.tenant_id
    where periods.period <= closed_periods.period and coalesce(periods.period > closed_periods.from_period, true)
),

both_times as (
    select
        {% for figure in figures %}
            closed_months.{{ figure }} as was_{{ figure }},
            0 as now_{{ figure }},
        {% endfor %}
        closed_months.close_id, closed_months.tenant_id, closed_months.customer_id, closed_months.currency, closed_months.period
    from closed_months
    inner join closed_periods on closed_months.close_id = closed_periods.close_id
    union all
    select
        {% for figure in figures %}
            0 as was_{{ figure }},
            customer_months.{{ figure }} as now_{{ figure }},
        {% endfor %}
        covered.close_id, covered.tenant_id, customer_months.customer_id, customer_months.currency, covered.period
    from customer_months
    inner join covered on customer_months.tenant_id = covered.tenant_id and customer_months.period = covered.period
)

select
    {% for figure in figures %}
        {% set data_type = 'decimal(38, 0)' if figure == 'rows_print' else 'bigint' %}
        cast(sum(was_{{ figure }}) as {{ data_type }}) as was_{{ figure }},
        cast(sum(now_{{ figure }}) as {{ data_type }}) as now_{{ figure }},
    {% endfor %}
    close_id, tenant_id, customer_id, currency, period
from both_times
group by close_id, tenant_id, customer_id, currency, period
