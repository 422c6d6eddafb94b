{# After a table was made: lets the planner know what is in it. Nothing where an engine counts by itself. #}
{% macro counted_for_plans(relation, materialized) -%}
    {{ return(adapter.dispatch('counted_for_plans', 'tieout')(relation, materialized)) }}
{%- endmacro %}

{% macro default__counted_for_plans(relation, materialized) -%}
    {{ refuse_dialect('counted_for_plans') }}
{%- endmacro %}

{% macro duckdb__counted_for_plans(relation, materialized) -%}
{%- endmacro %}

{% macro postgres__counted_for_plans(relation, materialized) -%}
    {% if materialized in ('table', 'kept') %}analyze {{ relation }}{% endif %}
{%- endmacro %}
