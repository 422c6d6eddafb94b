{# The number of the period that a day lies in, of periods of `length` weeks or months since the anchor; rounded down, so that days
   before the anchor have numbers below zero. #}
{% macro period_number(day, cycles) -%}
    case {{ cycles }}.unit
        when 'week' then {{ whole_down(days_between(cycles ~ '.anchor_on', day), '(7 * ' ~ cycles ~ '.length)') }}
        else {{ whole_down(month_index(day) ~ ' - ' ~ month_index(cycles ~ '.anchor_on'), cycles ~ '.length') }}
    end
{%- endmacro %}

{# The first day of a period; `number` may be an expression. #}
{% macro period_start(number, cycles) -%}
    {%- set month = month_index(cycles ~ '.anchor_on') ~ ' + (' ~ number ~ ') * ' ~ cycles ~ '.length' -%}
    case {{ cycles }}.unit
        when 'week' then {{ add_days(cycles ~ '.anchor_on', '(' ~ number ~ ') * 7 * ' ~ cycles ~ '.length') }}
        else make_date(cast({{ whole_quotient(month, '12') }} as integer), cast(mod({{ month }}, 12) as integer) + 1, 1)
    end
{%- endmacro %}

{# Months since the year 0: 2023-04 is 24279. #}
{% macro month_index(day) -%}
    (cast(extract(year from {{ day }}) as integer) * 12 + cast(extract(month from {{ day }}) as integer) - 1)
{%- endmacro %}

{# A quotient of whole numbers, rounded down below zero too; `whole` is above zero. #}
{% macro whole_down(part, whole) -%}
    cast({{ whole_quotient('(' ~ part ~ ') - mod(mod((' ~ part ~ '), ' ~ whole ~ ') + ' ~ whole ~ ', ' ~ whole ~ ')', whole) }} as integer)
{%- endmacro %}
