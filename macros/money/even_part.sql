{# An amount of minor units cut into `parts`, the `number`th of them: equal whole parts, and what is left over with the first.
   The remainder is taken off before dividing, so the quotient is whole on every engine. #}
{% macro even_part(minor, parts, number) -%}
    cast(
        cast(({{ minor }} - mod({{ minor }}, {{ parts }})) / {{ parts }} as bigint)
        + case when {{ number }} = 1 then mod({{ minor }}, {{ parts }}) else 0 end
        as bigint
    )
{%- endmacro %}

{# The numbers from 1 to `last` as rows. #}
{% macro numbers_to(last) -%}
    {% for number in range(1, last + 1) %}select {{ number }} as number {{ 'union all ' if not loop.last }}{% endfor %}
{%- endmacro %}
