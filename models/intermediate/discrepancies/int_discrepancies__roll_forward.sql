-- Every look from the first movement of a line on, also those at which nothing moved: the balances stand there too.
{%- set dims = ['tenant_id', 'reconciliation', 'kind', 'source', 'currency', 'ageing_bucket'] %}
{%- set plus = ['new', 'reopened', 'aged_in'] %}
{%- set minus = ['aged_out', 'cleared', 'written_off'] %}
with movements as (
    select * from {{ ref('int_discrepancies__movements') }}
),

looks as (
    select
        looked_at,
        lag(looked_at) over (order by looked_at) as looked_before
    from {{ ref('int_discrepancies__looks') }}
    where looked_at <= {{ as_of() }}
),

lines as (
    select {{ dims | join(', ') }}, min(looked_at) as first_look
    from movements
    group by {{ dims | join(', ') }}
),

moved as (
    select
        {% for dim in dims %}lines.{{ dim }}, {% endfor %}
        looks.looked_before as period_from,
        looks.looked_at as period_to,
        {% for movement in plus + minus + ['revalued', 'accepted_in', 'accepted_out'] %}
            coalesce(sum(case when movements.movement = '{{ movement }}' then movements.moved_count end), 0) as {{ movement }}_count,
            coalesce(sum(case when movements.movement = '{{ movement }}' then movements.moved_minor end), 0) as {{ movement }}_minor
            {{- ',' if not loop.last }}
        {% endfor %}
    from lines
    inner join looks on lines.first_look <= looks.looked_at
    left join movements
        on looks.looked_at = movements.looked_at
        {% for dim in dims %}
            and lines.{{ dim }} = movements.{{ dim }}
        {% endfor %}
    group by {% for dim in dims %}lines.{{ dim }}, {% endfor %}looks.looked_before, looks.looked_at
),

summed as (
    select
        moved.*,
        {% for unit in ['count', 'minor'] %}
            sum(
                new_{{ unit }} + reopened_{{ unit }} + aged_in_{{ unit }} - aged_out_{{ unit }} - cleared_{{ unit }} - written_off_{{ unit }}
                {{ '+ revalued_minor' if unit == 'minor' }}
            ) over by_line as closing_{{ unit }},
            sum(accepted_in_{{ unit }} - accepted_out_{{ unit }}) over by_line as accepted_{{ unit }}
            {{- ',' if not loop.last }}
        {% endfor %}
    from moved
    window by_line as (partition by {{ dims | join(', ') }} order by period_to rows unbounded preceding)
)

select
    summed.*,
    {% for unit in ['count', 'minor'] %}
        coalesce(lag(closing_{{ unit }}) over (partition by {{ dims | join(', ') }} order by period_to), 0) as opening_{{ unit }}
        {{- ',' if not loop.last }}
    {% endfor %}
from summed
