{# Fails with every key of a seed that has a row for any amount and another row beside it: a join on the sign would find both.
   - signs_do_not_overlap: {arguments: {columns: [source, native_type]}} #}
{% test signs_do_not_overlap(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 and count(case when amount_sign = 'any' then 1 end) > 0

{% endtest %}
