{# The first match of a pattern's first group, or null. #}
{% macro regexp_first(text, pattern) -%}
    {{ return(adapter.dispatch('regexp_first', 'tieout')(text, pattern)) }}
{%- endmacro %}

{% macro default__regexp_first(text, pattern) -%}
    {{ refuse_dialect('regexp_first') }}
{%- endmacro %}

{% macro duckdb__regexp_first(text, pattern) -%}
    nullif(regexp_extract({{ text }}, '{{ pattern }}', 1), '')
{%- endmacro %}

{% macro postgres__regexp_first(text, pattern) -%}
    nullif(substring({{ text }} from '{{ pattern }}'), '')
{%- endmacro %}
