{# The run's moment as a timestamp. Validated, because dbt pastes variables into SQL as text. #}
{% macro as_of() -%}
    {%- set moment = var('as_of', '') or run_started_at.strftime('%Y-%m-%d %H:%M:%S') -%}
    {%- if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}', moment) -%}
        {{ exceptions.raise_compiler_error("as_of must look like 2026-10-31 23:59:59 (UTC), not " ~ moment) }}
    {%- endif -%}
    cast('{{ moment }}' as timestamp)
{%- endmacro %}
