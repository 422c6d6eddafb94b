{# Decimal text in major units to a signed count of minor units; `factor` is the currency's units per
   major unit (currencies.minor_unit_factor). Landing has refused what is not a plain decimal or is finer than the unit. #}
{% macro minor_units(decimal_text, factor) -%}
    cast(cast({{ decimal_text }} as decimal(24, 6)) * cast({{ factor }} as decimal(5, 0)) as bigint)
{%- endmacro %}

{# Minor units to an exact decimal in major units, for people: amount_minor and the currency's exponent. #}
{% macro major_units(amount_minor, exponent) -%}
    cast(case {{ exponent }}
        when 0 then cast({{ amount_minor }} as decimal(24, 4))
        when 1 then cast({{ amount_minor }} as decimal(24, 4)) * cast(0.1 as decimal(2, 1))
        when 2 then cast({{ amount_minor }} as decimal(24, 4)) * cast(0.01 as decimal(3, 2))
        when 3 then cast({{ amount_minor }} as decimal(24, 4)) * cast(0.001 as decimal(4, 3))
        else cast({{ amount_minor }} as decimal(24, 4)) * cast(0.0001 as decimal(5, 4))
    end as decimal(28, 4))
{%- endmacro %}
