-- Every look from the first movement of a line on, also those at which nothing moved: the balances stand there too.
{% set movements_of_a_line = [
    'new', 'reopened', 'revalued', 'aged_in', 'aged_out', 'cleared', 'written_off', 'accepted_in', 'accepted_out'
] %}
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
    select
        {{ line_columns() }},
        min(looked_at) as first_look
    from movements
    group by {{ line_columns() }}
),

moved as (
    select
        {% for movement in movements_of_a_line %}
            coalesce(sum(case when movements.movement = '{{ movement }}' then movements.moved_count end), 0) as {{ movement }}_count,
            coalesce(sum(case when movements.movement = '{{ movement }}' then movements.moved_minor end), 0) as {{ movement }}_minor,
        {% endfor %}
        {{ line_columns('lines') }},
        looks.looked_before as period_from,
        looks.looked_at as period_to
    from lines
    inner join looks on lines.first_look <= looks.looked_at
    left join movements on looks.looked_at = movements.looked_at and {{ same_line('lines', 'movements') }}
    group by {{ line_columns('lines') }}, looks.looked_before, looks.looked_at
),

summed as (
    select
        moved.*,
        sum({{ net_movement('count') }}) over by_line as closing_count,
        sum({{ net_movement('minor') }}) over by_line as closing_minor,
        sum(accepted_in_count - accepted_out_count) over by_line as accepted_count,
        sum(accepted_in_minor - accepted_out_minor) over by_line as accepted_minor
    from moved
    window by_line as (partition by {{ line_columns() }} order by period_to rows unbounded preceding)
)

select
    summed.*,
    closing_count - ({{ net_movement('count') }}) as opening_count,
    closing_minor - ({{ net_movement('minor') }}) as opening_minor
from summed
