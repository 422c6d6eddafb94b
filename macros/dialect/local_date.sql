{# The calendar date of a UTC timestamp in `zone`. #}
{% macro local_date(utc, zone) -%}
    {{ return(adapter.dispatch('local_date', 'tieout')(utc, zone)) }}
{%- endmacro %}

{% macro default__local_date(utc, zone) -%}
    {{ refuse_dialect('local_date') }}
{%- endmacro %}

{% macro duckdb__local_date(utc, zone) -%}
    cast({{ utc }} at time zone 'UTC' at time zone {{ zone }} as date)
{%- endmacro %}

{% macro postgres__local_date(utc, zone) -%}
    cast({{ utc }} at time zone 'UTC' at time zone {{ zone }} as date)
{%- endmacro %}
