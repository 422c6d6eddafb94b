{# Text to sort by its bytes, whatever collation the database was made with: for `order by` in windows that must give
   the same order on every engine. #}
{% macro bytewise(text) -%}
    {{ return(adapter.dispatch('bytewise', 'tieout')(text)) }}
{%- endmacro %}

{% macro default__bytewise(text) -%}
    {{ refuse_dialect('bytewise') }}
{%- endmacro %}

{% macro duckdb__bytewise(text) -%}
    {{ text }}
{%- endmacro %}

{% macro postgres__bytewise(text) -%}
    {{ text }} collate "C"
{%- endmacro %}
