{# The day on which a time for an answer ends, as the clocks of `zone` show it: the midnight that ends a day is of that day. #}
{% macro last_day(due_at, zone) -%}
    {{ local_date('(' ~ due_at ~ " - interval '1 second')", zone) }}
{%- endmacro %}
