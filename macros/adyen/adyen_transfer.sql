{# The name Adyen gives a transfer to the bank, in the text of its payout ("TX4100000041XT batch 41, Shop"); the bank prints it too. #}
{% macro adyen_transfer(text) -%}
    {{ regexp_first(text, '(TX[0-9]+XT)') }}
{%- endmacro %}
