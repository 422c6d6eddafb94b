{# Text as upper-case words with one blank on each side at least, so that a pattern is found as whole words:
   "Stripe*Payout" holds STRIPE, "Pinstripe Ltd" does not. Null counts as no words. #}
{% macro words(text) -%}
    ' ' || translate(
        coalesce({{ text }}, ''),
        'abcdefghijklmnopqrstuvwxyz.,;:/*-_+()#&|"' || '''' || chr(9) || chr(10) || chr(13),
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ                   '
    ) || ' '
{%- endmacro %}
