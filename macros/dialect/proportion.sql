{# `part` of `whole` parts of an amount, rounded half up: whole numbers in, a bigint out, none of them below zero. The product is made
   in numbers of 38 digits, so that cents times cents times basis points fit. Null where the whole is zero. #}
{% macro proportion(amount, part, whole) -%}
    {{ return(adapter.dispatch('proportion', 'tieout')(amount, part, whole)) }}
{%- endmacro %}

{% macro default__proportion(amount, part, whole) -%}
    {{ refuse_dialect('proportion') }}
{%- endmacro %}

{% macro duckdb__proportion(amount, part, whole) -%}
    cast(
        (cast({{ amount }} as hugeint) * cast({{ part }} as hugeint) * 2 + cast({{ whole }} as hugeint))
        // nullif(cast({{ whole }} as hugeint) * 2, 0)
        as bigint
    )
{%- endmacro %}

{% macro postgres__proportion(amount, part, whole) -%}
    cast(
        div(
            cast({{ amount }} as numeric) * cast({{ part }} as numeric) * 2 + cast({{ whole }} as numeric),
            nullif(cast({{ whole }} as numeric) * 2, 0)
        )
        as bigint
    )
{%- endmacro %}
