{# Fails with every column of `columns` in which a row says nothing, by name and with how many rows. One look for all of them: each test
   costs a build as much as a small model.
   - never_null: {name: never_null_payouts, arguments: {columns: [tenant_id, amount_minor]}} #}
{% test never_null(model, columns) %}

with counted as (
    select
        count(*) as row_count,
        {% for column in columns %}
        count({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ model }}
)

{% for column in columns %}
select
    '{{ column }}' as null_column,
    row_count - {{ column }} as null_count
from counted
where {{ column }} < row_count
{{ 'union all' if not loop.last }}
{% endfor %}

{% endtest %}
