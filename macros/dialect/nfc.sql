{# Text in Unicode's composed form: "é" as one letter, however it was typed (NFC). #}
{% macro nfc(text) -%}
    {{ return(adapter.dispatch('nfc', 'tieout')(text)) }}
{%- endmacro %}

{% macro default__nfc(text) -%}
    {{ refuse_dialect('nfc') }}
{%- endmacro %}

{% macro duckdb__nfc(text) -%}
    nfc_normalize({{ text }})
{%- endmacro %}

{% macro postgres__nfc(text) -%}
    normalize({{ text }}, nfc)
{%- endmacro %}
