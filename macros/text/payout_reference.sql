{# The first payout id in a bank's text ("STRIPE PO_1Abc4 OCT" holds PO_1Abc4); null when there is none. Banks change the case. #}
{% macro payout_reference(text) -%}
    {{ regexp_first(text, '(?:^|[^A-Za-z0-9_])([pP][oO]_[A-Za-z0-9]+)') }}
{%- endmacro %}
