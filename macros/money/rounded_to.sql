{# A number that is not negative, given as whole minor units and millionths of one, rounded to a multiple of `unit`: half_up, half_even, up, or down. #}
{% macro rounded_to(whole, millionths, unit, rounding) -%}
    {%- set rest = '(mod(' ~ whole ~ ', ' ~ unit ~ ') * 1000000 + ' ~ millionths ~ ')' -%}
    {%- set base = '(' ~ unit ~ ' * 1000000)' -%}
    (
        {{ whole }} - mod({{ whole }}, {{ unit }})
        + case
            when {{ rounding }} = 'up' and {{ rest }} > 0 then {{ unit }}
            when {{ rounding }} in ('up', 'down') then 0
            when {{ rest }} * 2 > {{ base }} then {{ unit }}
            when {{ rest }} * 2 < {{ base }} then 0
            when {{ rounding }} = 'half_up' then {{ unit }}
            else mod({{ whole_quotient(whole, unit) }}, 2) * {{ unit }}
        end
    )
{%- endmacro %}
