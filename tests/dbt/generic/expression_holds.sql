{# Fails with every row for which `expression` is not true: false, and unknown because of a null.
   - expression_holds: {arguments: {expression: "allocated_minor > 0"}} #}
{% test expression_holds(model, expression) %}

select *
from {{ model }}
where ({{ expression }}) is not true

{% endtest %}
