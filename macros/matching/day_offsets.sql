{# The day offsets from 0 to `last`, one a row: series are written differently on each engine. #}
{% macro day_offsets(last) -%}
    {%- set places = (last | string) | length %}
    select
        cast(
            {%- for place in range(places) %}
            {{ 10 ** place }} * digit_{{ place }}.digit {{ '+' if not loop.last }}
            {%- endfor %}
            as integer
        ) as number
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as digit_0 (digit)
    {%- for place in range(1, places) %}
    cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as digit_{{ place }} (digit)
    {%- endfor %}
    where
        {%- for place in range(places) %}
        {{ 10 ** place }} * digit_{{ place }}.digit {{ '+' if not loop.last }}
        {%- endfor %} <= {{ last }}
{%- endmacro %}
