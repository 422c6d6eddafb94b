{# How alike two short texts are, 0 to 100: twice the pairs of neighbouring letters both have, over those either has (Dice), each pair counted
   once and both ends marked, so that a changed first letter counts as much as one in the middle. Where more than one slip lies between them it
   is half of that: numbers of one series share most of their letters and are different sales. Null when either is null.
   Whole numbers only, and the same on every engine. #}
{% macro text_similarity(left_text, right_text) -%}
    {{ return(adapter.dispatch('text_similarity', 'tieout')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__text_similarity(left_text, right_text) -%}
    {{ refuse_dialect('text_similarity') }}
{%- endmacro %}

{# Whether two texts are equal, or of six letters or more and differ by one slip: a letter changed, but not the last (the next number of a series differs there);
   two neighbours swapped; up to three letters lost or added in one place. `head` and `tail` are the lengths of what begins and ends both. #}
{% macro is_one_slip(left_text, right_text, head, tail) -%}
    (
        {{ left_text }} = {{ right_text }}
        or least(length({{ left_text }}), length({{ right_text }})) >= 6
        and case abs(length({{ left_text }}) - length({{ right_text }}))
            when 0
                then
                    ({{ tail }} > 0 and {{ head }} + {{ tail }} >= length({{ left_text }}) - 1)
                    or (
                        {{ head }} + {{ tail }} = length({{ left_text }}) - 2
                        and substring({{ left_text }}, {{ head }} + 1, 1) = substring({{ right_text }}, {{ head }} + 2, 1)
                        and substring({{ left_text }}, {{ head }} + 2, 1) = substring({{ right_text }}, {{ head }} + 1, 1)
                    )
            when 1 then {{ head }} + {{ tail }} >= least(length({{ left_text }}), length({{ right_text }}))
            when 2 then {{ head }} + {{ tail }} >= least(length({{ left_text }}), length({{ right_text }}))
            when 3 then {{ head }} + {{ tail }} >= least(length({{ left_text }}), length({{ right_text }}))
            else false
        end
    )
{%- endmacro %}

{% macro duckdb__text_similarity(left_text, right_text) -%}
    {%- set lefts = duckdb_letter_pairs(left_text) -%}
    {%- set rights = duckdb_letter_pairs(right_text) -%}
    {%- set same_head = duckdb_same_letters('left', left_text, right_text) -%}
    {%- set same_tail = duckdb_same_letters('right', left_text, right_text) -%}
    cast(
        200 * len(list_intersect({{ lefts }}, {{ rights }})) // (len({{ lefts }}) + len({{ rights }}))
        // case when {{ is_one_slip(left_text, right_text, same_head, same_tail) }} then 1 else 2 end
        as integer
    )
{%- endmacro %}

{% macro duckdb_letter_pairs(text) -%}
    list_distinct(list_transform(range(1, length({{ text }}) + 2), lambda place: substring('^' || {{ text }} || '$', cast(place as bigint), 2)))
{%- endmacro %}

{% macro duckdb_same_letters(end, left_text, right_text) -%}
    len(list_filter(
        range(1, least(length({{ left_text }}), length({{ right_text }})) + 1),
        lambda place: {{ end }}({{ left_text }}, cast(place as bigint)) = {{ end }}({{ right_text }}, cast(place as bigint))
    ))
{%- endmacro %}

{% macro postgres__text_similarity(left_text, right_text) -%}
    (
        select
            cast(
                200 * sum(case when sides = 3 then 1 else 0 end)
                / (sum(case when sides = 3 then 2 else 1 end))
                as integer
            ) / (
                select case when {{ is_one_slip(left_text, right_text, 'same_head', 'same_tail') }} then 1 else 2 end
                from (
                    select
                        {{ postgres_same_letters('left', left_text, right_text) }} as same_head,
                        {{ postgres_same_letters('right', left_text, right_text) }} as same_tail
                ) as ends
            )
        from (
            select
                letters,
                sum(side) as sides
            from (
                select distinct 1 as side, substring('^' || {{ left_text }} || '$' from place for 2) as letters
                from generate_series(1, length({{ left_text }}) + 1) as place
                union all
                select distinct 2 as side, substring('^' || {{ right_text }} || '$' from place for 2) as letters
                from generate_series(1, length({{ right_text }}) + 1) as place
            ) as pairs_of_letters
            group by letters
        ) as counted
        where {{ left_text }} is not null and {{ right_text }} is not null
    )
{%- endmacro %}

{% macro postgres_same_letters(end, left_text, right_text) -%}
    (
        select cast(count(*) as integer)
        from generate_series(1, least(length({{ left_text }}), length({{ right_text }}))) as place
        where {{ end }}({{ left_text }}, place) = {{ end }}({{ right_text }}, place)
    )
{%- endmacro %}
