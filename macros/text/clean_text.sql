{# Text without blanks around it; null when nothing is left. Only the blank itself: what else counts as white space differs by engine. #}
{% macro clean_text(text) -%}
    nullif(trim(both ' ' from {{ text }}), '')
{%- endmacro %}

{# A code as sources spell it (" Paid", "PAID") as the seeds spell it ("paid"); '(none)' where the source says nothing,
   because a seed can hold a row for that and a join finds it. #}
{% macro native_code(text) -%}
    coalesce({{ ascii_lower(clean_text(text)) }}, '(none)')
{%- endmacro %}

{# A number that names something, without the fraction that spreadsheets and data frames add to it: 39061923.0 is 39061923. #}
{% macro number_as_name(text) -%}
    regexp_replace({{ clean_text(text) }}, '[.]0$', '')
{%- endmacro %}
