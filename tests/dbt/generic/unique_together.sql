{# Fails with every combination of `columns` that more than one row has. Nulls are equal here, unlike in SQL's own unique; of `never_null`, some of
   the columns, one is a failure by itself.
   - unique_together: {arguments: {columns: [tenant_id, trans_id]}} #}
{% test unique_together(model, columns, never_null=[]) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 {% for column in never_null %}or {{ column }} is null {% endfor %}

{% endtest %}
