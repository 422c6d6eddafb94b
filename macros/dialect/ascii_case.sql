{# The letters A–Z of a text in one case, every other letter as it is. #}
{% macro ascii_case(text, function_name, from_letters, to_letters) -%}
    {{ return(adapter.dispatch('ascii_case', 'tieout')(text, function_name, from_letters, to_letters)) }}
{%- endmacro %}

{% macro default__ascii_case(text, function_name, from_letters, to_letters) -%}
    {{ refuse_dialect('ascii_case') }}
{%- endmacro %}

{# `translate` takes ten times as long as the engine's own function, which is right where there are no other letters. #}
{% macro duckdb__ascii_case(text, function_name, from_letters, to_letters) -%}
    case
        when {{ is_ascii(text) }} then {{ function_name }}({{ text }})
        else translate({{ text }}, '{{ from_letters }}', '{{ to_letters }}')
    end
{%- endmacro %}

{% macro postgres__ascii_case(text, function_name, from_letters, to_letters) -%}
    translate({{ text }}, '{{ from_letters }}', '{{ to_letters }}')
{%- endmacro %}
