{# Stripe's minor units as major units, for the controls' second reading: by Stripe's own lists of currencies and not by our seeds. #}
{% macro stripe_api_major(column) -%}
    cast({{ column }} as decimal(24, 4)) * case
        when upper(currency) in (
            'BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
        ) then cast(1 as decimal(4, 3))
        when upper(currency) in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then cast(0.001 as decimal(4, 3))
        else cast(0.01 as decimal(4, 3))
    end
{%- endmacro %}
