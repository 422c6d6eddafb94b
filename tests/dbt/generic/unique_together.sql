{# Fails with every combination of `columns` that more than one row has. Nulls are equal here, unlike in SQL's own unique.
   - unique_together: {arguments: {columns: [tenant_id, trans_id]}} #}
{% test unique_together(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
