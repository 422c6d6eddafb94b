{# The first days of the months from one to another, both included, as rows: an expression of a select list. #}
{% macro months_between(first_month, last_month) -%}
    {{ return(adapter.dispatch('months_between', 'tieout')(first_month, last_month)) }}
{%- endmacro %}

{% macro default__months_between(first_month, last_month) -%}
    {{ refuse_dialect('months_between') }}
{%- endmacro %}

{% macro duckdb__months_between(first_month, last_month) -%}
    cast(unnest(generate_series(cast({{ first_month }} as timestamp), cast({{ last_month }} as timestamp), interval 1 month)) as date)
{%- endmacro %}

{% macro postgres__months_between(first_month, last_month) -%}
    cast(generate_series(cast({{ first_month }} as timestamp), cast({{ last_month }} as timestamp), interval '1 month') as date)
{%- endmacro %}
