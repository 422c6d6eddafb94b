{# The date as it is written at the start of ISO text ("2026-10-31", "2026-10-31T00:00:00Z"): a calendar date has no zone to convert. #}
{% macro iso_date(text) -%}
    cast(substring({{ text }}, 1, 10) as date)
{%- endmacro %}
