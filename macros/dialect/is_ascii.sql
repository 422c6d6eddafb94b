{# Whether a text has letters of ASCII only: as many bytes as letters. #}
{% macro is_ascii(text) -%}
    {{ return(adapter.dispatch('is_ascii', 'tieout')(text)) }}
{%- endmacro %}

{% macro default__is_ascii(text) -%}
    {{ refuse_dialect('is_ascii') }}
{%- endmacro %}

{% macro duckdb__is_ascii(text) -%}
    strlen({{ text }}) = length({{ text }})
{%- endmacro %}

{% macro postgres__is_ascii(text) -%}
    octet_length({{ text }}) = char_length({{ text }})
{%- endmacro %}
