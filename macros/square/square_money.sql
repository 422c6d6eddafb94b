{# The fees of a Square payment or refund: up to six, those not there count nothing. Landing refuses a seventh. #}
{% macro square_fees() -%}
    {% for number in range(1, 7) %}cast(coalesce(lines.fee_{{ number }}, '0') as bigint){{ ' + ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# A sum of minor-unit columns in major units, by the currency's own name and apart from the seed: the controls read money a second
   time with it. Square counts as ISO 4217 does. #}
{% macro square_major(columns) -%}
    ({% for column in columns %}cast(coalesce({{ column }}, '0') as decimal(24, 4)){{ ' + ' if not loop.last }}{% endfor %}) * case
        when upper(currency) in (
            'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
        ) then cast(1 as decimal(4, 3))
        when upper(currency) in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then cast(0.001 as decimal(4, 3))
        else cast(0.01 as decimal(4, 3))
    end
{%- endmacro %}

{# What an export row moved on Square's balance, in major units: what came in by other ways is left out. #}
{% macro square_export_amount() -%}
    cast(total_collected as decimal(28, 4)) - cast(coalesce(cash, '0') as decimal(28, 4))
    - cast(coalesce(square_gift_card, '0') as decimal(28, 4)) - cast(coalesce(other_tender, '0') as decimal(28, 4))
{%- endmacro %}
