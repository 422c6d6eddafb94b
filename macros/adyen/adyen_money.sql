{# What a settlement row brought to the balance, in major units: for the controls, apart from staging. #}
{% macro adyen_net() -%}
    cast(coalesce(net_credit, '0') as decimal(28, 4)) - cast(coalesce(net_debit, '0') as decimal(28, 4))
{%- endmacro %}

{# The four fee columns of a settlement row, in major units. #}
{% macro adyen_fees() -%}
    cast(coalesce(commission, '0') as decimal(28, 4)) + cast(coalesce(markup, '0') as decimal(28, 4))
    + cast(coalesce(scheme_fees, '0') as decimal(28, 4)) + cast(coalesce(interchange, '0') as decimal(28, 4))
{%- endmacro %}
