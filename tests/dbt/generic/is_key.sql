{# Fails with every value of a column that more than one row has, and with null: `unique` and `not_null` in one look.
   {name: transaction_id, data_tests: [is_key]} #}
{% test is_key(model, column_name) %}

select
    {{ column_name }},
    count(*) as row_count
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null

{% endtest %}
