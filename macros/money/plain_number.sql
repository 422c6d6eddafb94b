{# A decimal as people write it, "1200" and "12.5": without the zeros at its end, the same text on every engine. #}
{% macro plain_number(value) -%}
    trim(trailing '.' from trim(trailing '0' from cast({{ value }} as {{ dbt.type_string() }})))
{%- endmacro %}
