{# The first payout's name in a bank's text ("STRIPE PO_1Abc4 OCT" holds PO_1Abc4, "ADYEN TX1234XT BATCH 7" holds TX1234XT); null when
   there is none. Stripe and Square write po_…, Adyen TX…XT; banks change the case. #}
{% macro payout_reference(text) -%}
    coalesce(
        {{ regexp_first(text, '(?:^|[^A-Za-z0-9_])([pP][oO]_[A-Za-z0-9]+)') }},
        {{ regexp_first(text, '(?:^|[^A-Za-z0-9_])([tT][xX][A-Za-z0-9]{5,}[xX][tT])(?:[^A-Za-z0-9_]|$)') }}
    )
{%- endmacro %}
