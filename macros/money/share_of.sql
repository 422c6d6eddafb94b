{# A count's share of a whole as an exact decimal with six digits, half up; 0 of 0 is 0. Whole-number arithmetic, because engines
   divide decimals differently: the remainder is taken off first, so the quotient is whole on each of them. #}
{% macro share_of(part, whole) -%}
    {%- set doubled = '(cast(' ~ part ~ ' as bigint) * 2000000 + cast(' ~ whole ~ ' as bigint))' -%}
    {%- set divisor = '(cast(' ~ whole ~ ' as bigint) * 2)' -%}
    cast(
        case
            when {{ whole }} = 0 then 0
            else cast(({{ doubled }} - mod({{ doubled }}, nullif({{ divisor }}, 0))) / nullif({{ divisor }}, 0) as bigint)
        end * cast(0.000001 as decimal(7, 6))
        as decimal(12, 6)
    )
{%- endmacro %}

{# A quotient of whole numbers, rounded down, as a whole number on every engine. #}
{% macro whole_share(part, whole) -%}
    cast((({{ part }}) - mod({{ part }}, {{ whole }})) / ({{ whole }}) as integer)
{%- endmacro %}
