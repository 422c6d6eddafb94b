{# Fails with every group of `by` whose sum of `column` is not zero. A null in the column fails too: it would hide a side.
   - sums_to_zero: {arguments: {column: amount_minor, by: [entry_id, currency]}} #}
{% test sums_to_zero(model, column, by) %}

select
    {{ by | join(', ') }},
    sum({{ column }}) as {{ column }}_sum,
    count(*) - count({{ column }}) as null_rows
from {{ model }}
group by {{ by | join(', ') }}
having coalesce(sum({{ column }}), 1) != 0 or count(*) != count({{ column }})

{% endtest %}
