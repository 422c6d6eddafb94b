{# A row as a number of 60 bits, the same on every engine: sums of them over many rows do not ask for an order, and notice a row that
   changed, went or came twice. Each part goes in with its length, as in key_hash. #}
{% macro print_of(parts) -%}
    {%- set text -%}
        {%- for part in parts -%}
            coalesce(length(cast({{ part }} as {{ dbt.type_string() }})) || ':' || cast({{ part }} as {{ dbt.type_string() }}), '~') {{ '|| ' if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    {{ return(adapter.dispatch('print_of', 'tieout')(text)) }}
{%- endmacro %}

{% macro default__print_of(text) -%}
    {{ refuse_dialect('print_of') }}
{%- endmacro %}

{% macro duckdb__print_of(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 15) as bigint)
{%- endmacro %}

{% macro postgres__print_of(text) -%}
    cast(cast('x' || substr(md5({{ text }}), 1, 15) as bit(60)) as bigint)
{%- endmacro %}
