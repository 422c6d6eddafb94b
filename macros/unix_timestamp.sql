{# Whole seconds since 1970, as text, to a UTC timestamp. #}
{% macro unix_timestamp(seconds) -%}
    cast('1970-01-01 00:00:00' as timestamp) + cast({{ seconds }} as bigint) * interval '1 second'
{%- endmacro %}
