{# The row of a seed that speaks of a kind of movement: seed columns source, native_type, event_type, each a word or *. Of several the
   most exact counts, the source before its own word before the kind of event. `(own)` is the source's own word, and says
   nothing where there is none. Gives `kinds` with the column `says`. #}
{% macro most_exact(kinds, seed, says) -%}
    select
        {{ kinds }}.source,
        {{ kinds }}.native_type,
        {{ kinds }}.event_type,
        {{ seed }}.{{ says }} as says,
        row_number() over (
            partition by {{ kinds }}.source, {{ kinds }}.native_type, {{ kinds }}.event_type
            order by
                case when {{ seed }}.source = '*' then 0 else 4 end
                + case when {{ seed }}.native_type = '*' then 0 else 2 end
                + case when {{ seed }}.event_type = '*' then 0 else 1 end desc
        ) as place
    from {{ kinds }}
    inner join {{ seed }}
        on {{ seed }}.source in ('*', {{ kinds }}.source)
            and {{ seed }}.native_type in ('*', {{ kinds }}.native_type)
            and {{ seed }}.event_type in ('*', {{ kinds }}.event_type)
            and not ({{ seed }}.{{ says }} = '(own)' and {{ kinds }}.native_type = '(none)')
{%- endmacro %}
