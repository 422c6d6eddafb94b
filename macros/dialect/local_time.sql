{# A UTC timestamp as the clocks of `zone` showed it. #}
{% macro local_time(utc, zone) -%}
    {{ return(adapter.dispatch('local_time', 'tieout')(utc, zone)) }}
{%- endmacro %}

{% macro default__local_time(utc, zone) -%}
    {{ refuse_dialect('local_time') }}
{%- endmacro %}

{% macro duckdb__local_time(utc, zone) -%}
    cast({{ utc }} at time zone 'UTC' at time zone {{ zone }} as timestamp)
{%- endmacro %}

{% macro postgres__local_time(utc, zone) -%}
    cast({{ utc }} at time zone 'UTC' at time zone {{ zone }} as timestamp)
{%- endmacro %}
