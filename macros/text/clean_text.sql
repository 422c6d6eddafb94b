{# Text without blanks around it; null when nothing is left. Only the blank itself: what else counts as white space differs by engine. #}
{% macro clean_text(text) -%}
    nullif(trim(both ' ' from {{ text }}), '')
{%- endmacro %}

{# A code as sources spell it (" Paid", "PAID") as the seeds spell it ("paid"); '(none)' where the source says nothing,
   because a seed can hold a row for that and a join finds it. #}
{% macro native_code(text) -%}
    coalesce({{ ascii_lower(clean_text(text)) }}, '(none)')
{%- endmacro %}
