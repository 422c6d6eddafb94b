{# A reference of a bank message; null where the bank wrote that there is none (ISO 20022 says NOTPROVIDED, MT940 NONREF). #}
{% macro bank_reference(text) -%}
    case
        when {{ ascii_upper(clean_text(text)) }} in ('NOTPROVIDED', 'NOT PROVIDED', 'NONREF', 'NOREF') then null
        else {{ clean_text(text) }}
    end
{%- endmacro %}
