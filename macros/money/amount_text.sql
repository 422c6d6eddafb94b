{# An amount as people write it: "-12.50 EUR", with the currency's own number of decimals, the same text on every engine. #}
{% macro amount_text(amount_minor, exponent, currency) -%}
    case {{ exponent }}
        {%- for digits in range(5) %}
        when {{ digits }} then cast(cast({{ major_units(amount_minor, exponent) }} as decimal(28, {{ digits }})) as {{ dbt.type_string() }})
        {%- endfor %}
    end || ' ' || {{ currency }}
{%- endmacro %}
