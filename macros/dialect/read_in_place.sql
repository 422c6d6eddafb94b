{# The word after `as` where a common table expression is a table as it stands and is named in several places: each reads the columns and rows it
   wants. Without it both engines copy the table whole first, to disk when it is larger than memory. #}
{% macro read_in_place() -%}
    {{ return(adapter.dispatch('read_in_place', 'tieout')()) }}
{%- endmacro %}

{% macro default__read_in_place() -%}
    {{ refuse_dialect('read_in_place') }}
{%- endmacro %}

{% macro duckdb__read_in_place() -%}
    not materialized
{%- endmacro %}

{% macro postgres__read_in_place() -%}
    not materialized
{%- endmacro %}
