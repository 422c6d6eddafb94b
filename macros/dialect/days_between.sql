{# Whole days from one date to another (later minus earlier is positive). #}
{% macro days_between(first_date, second_date) -%}
    {{ return(adapter.dispatch('days_between', 'tieout')(first_date, second_date)) }}
{%- endmacro %}

{% macro default__days_between(first_date, second_date) -%}
    {{ refuse_dialect('days_between') }}
{%- endmacro %}

{% macro duckdb__days_between(first_date, second_date) -%}
    cast(date_diff('day', cast({{ first_date }} as date), cast({{ second_date }} as date)) as integer)
{%- endmacro %}

{% macro postgres__days_between(first_date, second_date) -%}
    (cast({{ second_date }} as date) - cast({{ first_date }} as date))
{%- endmacro %}

{# A date moved by a number of days that comes from a column. #}
{% macro add_days(date_value, days) -%}
    {{ return(adapter.dispatch('add_days', 'tieout')(date_value, days)) }}
{%- endmacro %}

{% macro default__add_days(date_value, days) -%}
    {{ refuse_dialect('add_days') }}
{%- endmacro %}

{% macro duckdb__add_days(date_value, days) -%}
    cast(cast({{ date_value }} as date) + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro postgres__add_days(date_value, days) -%}
    cast(cast({{ date_value }} as date) + cast({{ days }} as integer) as date)
{%- endmacro %}
