{# How often a whole number goes into another: both bigint, the rest dropped (towards zero). DuckDB's own / of whole numbers is a float. #}
{% macro whole_quotient(part, whole) -%}
    {{ return(adapter.dispatch('whole_quotient', 'tieout')(part, whole)) }}
{%- endmacro %}

{% macro default__whole_quotient(part, whole) -%}
    {{ refuse_dialect('whole_quotient') }}
{%- endmacro %}

{% macro duckdb__whole_quotient(part, whole) -%}
    ({{ part }}) // ({{ whole }})
{%- endmacro %}

{% macro postgres__whole_quotient(part, whole) -%}
    ({{ part }}) / ({{ whole }})
{%- endmacro %}
