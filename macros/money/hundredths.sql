{# Text in hundredths of the currency ("-52" is -0.52) to a signed count of minor units; `factor` is the currency's units per
   major unit. Landing has refused what is finer than the unit. #}
{% macro hundredths_minor(text, factor) -%}
    cast(cast({{ text }} as decimal(18, 0)) * cast({{ factor }} as decimal(5, 0)) * cast(0.01 as decimal(3, 2)) as bigint)
{%- endmacro %}

{# The same text in major units, for the controls' own reading. #}
{% macro hundredths_major(text) -%}
    cast(cast({{ text }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(28, 4))
{%- endmacro %}
