{# Before a model is made: joins of many rows with many, never row by row. A planner that multiplies the odds of seven equal columns expects one
   row, tries all with all, and meets a million. #}
{% macro joined_in_bulk() -%}
    {{ return(adapter.dispatch('joined_in_bulk', 'tieout')()) }}
{%- endmacro %}

{% macro default__joined_in_bulk() -%}
    {{ refuse_dialect('joined_in_bulk') }}
{%- endmacro %}

{% macro duckdb__joined_in_bulk() -%}
{%- endmacro %}

{% macro postgres__joined_in_bulk() -%}
    set enable_nestloop = off
{%- endmacro %}
