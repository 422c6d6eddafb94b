{# A condition by which few of many rows are found: a column store that reads all columns to test two of them is told their places first. #}
{% macro taken_by_place(relation, condition) -%}
    {{ return(adapter.dispatch('taken_by_place', 'tieout')(relation, condition)) }}
{%- endmacro %}

{% macro default__taken_by_place(relation, condition) -%}
    {{ refuse_dialect('taken_by_place') }}
{%- endmacro %}

{% macro duckdb__taken_by_place(relation, condition) -%}
    rowid in (select rowid from {{ relation }} where {{ condition }})
{%- endmacro %}

{% macro postgres__taken_by_place(relation, condition) -%}
    {{ condition }}
{%- endmacro %}
