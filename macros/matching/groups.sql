{# The columns a member of a group has, whichever step made the group; group_key, key_text and basis follow. #}
{% macro grouped_columns(rows) -%}
    {%- for column in ['reconciliation', 'pass', 'rule_id', 'rule_version', 'confidence', 'tenant_id', 'processor', 'currency', 'transaction_id', 'role'] %}
    {{ rows }}.{{ column }},
    {%- endfor %}
    {{ rows }}.compared_minor as amount_minor,
    {{ rows }}.business_date
{%- endmacro %}

{# Whether the bit of a place, counted from 1, is set in a whole number: by dividing, because engines spell bit operations differently. #}
{% macro bit_is_set(whole, place) -%}
    mod((({{ whole }}) - mod(({{ whole }}), {{ two_to(place ~ ' - 1') }})) / {{ two_to(place ~ ' - 1') }}, 2) = 1
{%- endmacro %}

{# 2 to a small whole number as a whole number. #}
{% macro two_to(exponent) -%}
    (case {{ exponent }} {% for number in range(0, 13) %}when {{ number }} then {{ 2 ** number }} {% endfor %}end)
{%- endmacro %}
