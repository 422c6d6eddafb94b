{# A count of the sender's minor units, as text, to ours. `sent_exponent` is the sender's idea of the currency's decimals
   (seed currency_exceptions), `factor` ours (currencies.minor_unit_factor). Landing has refused what is finer than our unit. #}
{% macro sent_minor_units(text, sent_exponent, factor) -%}
    cast({{ major_units('cast(' ~ text ~ ' as bigint)', sent_exponent) }} * cast({{ factor }} as decimal(5, 0)) as bigint)
{%- endmacro %}
