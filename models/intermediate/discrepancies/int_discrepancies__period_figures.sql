-- The figures of closed months, as they were then and as they are now, one below the other. A row that was or is not there is zero. A
-- close covers the months since the one before; one that does not say from which covers its own alone.
{% set figures = ['amount_at_risk_minor'] %}
{% for state in ['total', 'matched', 'proposed', 'expected', 'missing', 'ambiguous', 'excluded', 'discrepant'] %}
    {% do figures.append(state ~ '_count') %}
    {% do figures.append(state ~ '_amount_minor') %}
{% endfor %}
with closed_periods as (
    select * from {{ source('ops', 'closed_periods') }}
    where closed_at <= {{ as_of() }} and coalesce(reopened_at > {{ as_of() }}, true)
),

closed_summaries as (
    select * from {{ source('ops', 'closed_summaries') }}
),

summary as (
    select
        reconciliation_summary.*,
        substring(cast(business_date as {{ dbt.type_string() }}), 1, 7) as period
    from {{ ref('reconciliation_summary') }} as reconciliation_summary
),

both_times as (
    select
        {% for figure in figures %}
            closed_summaries.{{ figure }} as was_{{ figure }},
            0 as now_{{ figure }},
        {% endfor %}
        closed_summaries.close_id, closed_summaries.period, closed_summaries.tenant_id, closed_summaries.reconciliation,
        closed_summaries.source, closed_summaries.role, closed_summaries.business_date, closed_summaries.currency
    from closed_summaries
    inner join closed_periods on closed_summaries.close_id = closed_periods.close_id
    union all
    select
        {% for figure in figures %}
            0 as was_{{ figure }},
            summary.{{ figure }} as now_{{ figure }},
        {% endfor %}
        closed_periods.close_id, summary.period, summary.tenant_id, summary.reconciliation,
        summary.source, summary.role, summary.business_date, summary.currency
    from summary
    inner join closed_periods
        on
            summary.tenant_id = closed_periods.tenant_id
            and summary.period <= closed_periods.period
            and summary.period >= coalesce(closed_periods.covers_from, closed_periods.period)
)

select
    {% for figure in figures %}
        cast(sum(was_{{ figure }}) as bigint) as was_{{ figure }},
        cast(sum(now_{{ figure }}) as bigint) as now_{{ figure }},
    {% endfor %}
    close_id, period, tenant_id, reconciliation, source, role, business_date, currency
from both_times
group by close_id, period, tenant_id, reconciliation, source, role, business_date, currency
