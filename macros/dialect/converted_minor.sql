{# Minor units of one currency as minor units of another: amount times rate, rounded half up away from zero, so that an amount and its
   reversal are the same number. `rate` has twelve decimals; the factors are the currencies' minor units in a major unit. Whole numbers of
   38 digits throughout. #}
{% macro converted_minor(amount_minor, rate, base_factor, quote_factor) -%}
    {{ return(adapter.dispatch('converted_minor', 'tieout')(amount_minor, rate, base_factor, quote_factor)) }}
{%- endmacro %}

{% macro default__converted_minor(amount_minor, rate, base_factor, quote_factor) -%}
    {{ refuse_dialect('converted_minor') }}
{%- endmacro %}

{% macro duckdb__converted_minor(amount_minor, rate, base_factor, quote_factor) -%}
    cast(
        case when {{ amount_minor }} < 0 then -1 else 1 end * (
            (
                abs(cast({{ amount_minor }} as hugeint)) * cast(cast({{ rate }} as decimal(20, 12)) * 1000000000000 as hugeint)
                * cast({{ quote_factor }} as hugeint) * 2 + cast({{ base_factor }} as hugeint) * 1000000000000
            ) // (cast({{ base_factor }} as hugeint) * 2000000000000)
        )
        as bigint
    )
{%- endmacro %}

{% macro postgres__converted_minor(amount_minor, rate, base_factor, quote_factor) -%}
    cast(
        case when {{ amount_minor }} < 0 then -1 else 1 end * div(
            abs(cast({{ amount_minor }} as numeric)) * cast({{ rate }} as numeric) * 1000000000000 * {{ quote_factor }} * 2
            + cast({{ base_factor }} as numeric) * 1000000000000,
            cast({{ base_factor }} as numeric) * 2000000000000
        )
        as bigint
    )
{%- endmacro %}

{# One whole number as a rate of another, with twelve decimals, rounded half up; neither is below zero. What has more than eight digits before
   the point becomes 99999999.999999999999: no such rate is used. #}
{% macro rate_quotient(part, whole) -%}
    {{ return(adapter.dispatch('rate_quotient', 'tieout')(part, whole)) }}
{%- endmacro %}

{% macro default__rate_quotient(part, whole) -%}
    {{ refuse_dialect('rate_quotient') }}
{%- endmacro %}

{% macro duckdb__rate_quotient(part, whole) -%}
    cast(
        cast(least(
            (cast({{ part }} as hugeint) * 2000000000000 + cast({{ whole }} as hugeint)) // nullif(cast({{ whole }} as hugeint) * 2, 0),
            cast(99999999999999999999 as hugeint)
        ) as decimal(20, 0)) * cast(0.000000000001 as decimal(13, 12))
        as decimal(20, 12)
    )
{%- endmacro %}

{% macro postgres__rate_quotient(part, whole) -%}
    cast(
        least(
            div(
                cast({{ part }} as numeric) * 2000000000000 + cast({{ whole }} as numeric),
                nullif(cast({{ whole }} as numeric) * 2, 0)
            ),
            99999999999999999999
        ) * cast(0.000000000001 as decimal(13, 12))
        as decimal(20, 12)
    )
{%- endmacro %}
