{# The run's moment as a timestamp. Validated, because dbt pastes variables into SQL as text. A run's own start is
   said to the microsecond: by the second it would lie before files that landed within the same second. #}
{% macro as_of() -%}
    {%- set moment = var('as_of', '') or run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') -%}
    {%- if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?', moment) -%}
        {{ exceptions.raise_compiler_error("as_of must look like 2026-10-31 23:59:59 (UTC), not " ~ moment) }}
    {%- endif -%}
    cast('{{ moment }}' as timestamp)
{%- endmacro %}
