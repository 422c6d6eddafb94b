{# How alike two short texts are, 0 to 100: twice the pairs of neighbouring letters both have, over those either has (Dice), each pair counted
   once and both ends marked, so that a changed first letter counts as much as one in the middle. Where more than one slip lies between them it
   is half of that: numbers of one series share most of their letters and are different sales. Null when either is null.
   Whole numbers only, and the same on every engine. Where a row is compared with many, its `letter_pairs` are made once and given here. #}
{% macro text_similarity(left_text, right_text, left_pairs=none, right_pairs=none) -%}
    {{ return(adapter.dispatch('text_similarity', 'tieout')(
        left_text, right_text, left_pairs or letter_pairs(left_text), right_pairs or letter_pairs(right_text)
    )) }}
{%- endmacro %}

{% macro default__text_similarity(left_text, right_text, left_pairs, right_pairs) -%}
    {{ refuse_dialect('text_similarity') }}
{%- endmacro %}

{# The pairs of neighbouring letters of a text, each once, both ends marked: a list. #}
{% macro letter_pairs(text) -%}
    {{ return(adapter.dispatch('letter_pairs', 'tieout')(text)) }}
{%- endmacro %}

{% macro default__letter_pairs(text) -%}
    {{ refuse_dialect('letter_pairs') }}
{%- endmacro %}

{# Whether two texts are equal, or of six letters or more and differ by one slip: a letter changed, but not the last (the next number of a series differs there);
   two neighbours swapped; up to three letters lost or added in one place. `head` and `tail` are the lengths of what begins and ends both, which are
   counted only where a slip is within reach: lengths that are near, and one of the halves the same in both. `at_once` tells what is told without counting. #}
{% macro is_one_slip(left_text, right_text, head, tail, at_once=none) -%}
    {%- set shorter = 'least(length(' ~ left_text ~ '), length(' ~ right_text ~ '))' -%}
    {%- set half = 'cast(floor((' ~ shorter ~ ' - 2) * 0.5) as integer)' -%}
    case
        when {{ left_text }} = {{ right_text }} then true
        when {{ shorter }} < 6 or abs(length({{ left_text }}) - length({{ right_text }})) > 3 then false
        when
            left({{ left_text }}, {{ half }}) != left({{ right_text }}, {{ half }})
            and right({{ left_text }}, {{ half }}) != right({{ right_text }}, {{ half }})
            then false
        {{ at_once or '' }}
        when length({{ left_text }}) != length({{ right_text }}) then {{ head }} + {{ tail }} >= {{ shorter }}
        else
            ({{ tail }} > 0 and {{ head }} + {{ tail }} >= length({{ left_text }}) - 1)
            or (
                {{ head }} + {{ tail }} = length({{ left_text }}) - 2
                and substring({{ left_text }}, {{ head }} + 1, 1) = substring({{ right_text }}, {{ head }} + 2, 1)
                and substring({{ left_text }}, {{ head }} + 2, 1) = substring({{ right_text }}, {{ head }} + 1, 1)
            )
    end
{%- endmacro %}

{# `list_distinct` takes twice as long; the list of one list is there so that it is made once and named. #}
{% macro duckdb__letter_pairs(text) -%}
    list_transform(
        [list_transform(range(1, length({{ text }}) + 2), lambda place: substring('^' || {{ text }} || '$', cast(place as bigint), 2))],
        lambda pairs: list_select(
            pairs, list_filter(range(1, len(pairs) + 1), lambda place: list_position(pairs, pairs[cast(place as bigint)]) = place)
        )
    )[1]
{%- endmacro %}

{% macro duckdb__text_similarity(left_text, right_text, left_pairs, right_pairs) -%}
    {%- set same_head = duckdb_same_letters('left', 'starts_with', left_text, right_text) -%}
    {%- set same_tail = duckdb_same_letters('right', 'ends_with', left_text, right_text) -%}
    {#- the engine's own distance counts bytes, and so says the same of ASCII alone -#}
    {%- set at_once -%}
        when
            strlen({{ left_text }}) = length({{ left_text }})
            and strlen({{ right_text }}) = length({{ right_text }})
            and abs(length({{ left_text }}) - length({{ right_text }})) < 2
            and levenshtein({{ left_text }}, {{ right_text }}) = 1
            then length({{ left_text }}) != length({{ right_text }}) or right({{ left_text }}, 1) = right({{ right_text }}, 1)
    {%- endset -%}
    cast(case
        when {{ left_text }} = {{ right_text }} then 100
        else
            200 * len(list_filter({{ left_pairs }}, lambda letters: list_contains({{ right_pairs }}, letters)))
            // (len({{ left_pairs }}) + len({{ right_pairs }}))
            // case when {{ is_one_slip(left_text, right_text, same_head, same_tail, at_once) }} then 1 else 2 end
    end as integer)
{%- endmacro %}

{% macro duckdb_same_letters(end, has_end, left_text, right_text) -%}
    len(list_filter(
        range(1, least(length({{ left_text }}), length({{ right_text }})) + 1),
        lambda place: {{ has_end }}({{ left_text }}, {{ end }}({{ right_text }}, cast(place as bigint)))
    ))
{%- endmacro %}

{% macro postgres__letter_pairs(text) -%}
    array(
        select distinct substring('^' || {{ text }} || '$' from place for 2)
        from generate_series(1, length({{ text }}) + 1) as place
    )
{%- endmacro %}

{% macro postgres__text_similarity(left_text, right_text, left_pairs, right_pairs) -%}
    case
        when {{ left_text }} = {{ right_text }} then 100
        when {{ left_text }} != {{ right_text }}
            then
                cast(
                    200 * (select count(*) from unnest({{ left_pairs }}) as lefts (letters) where letters = any({{ right_pairs }}))
                    / (cardinality({{ left_pairs }}) + cardinality({{ right_pairs }}))
                    as integer
                ) / (
                    select case when {{ is_one_slip(left_text, right_text, 'same_head', 'same_tail') }} then 1 else 2 end
                    from (
                        select
                            {{ postgres_same_letters('left', left_text, right_text) }} as same_head,
                            {{ postgres_same_letters('right', left_text, right_text) }} as same_tail
                    ) as ends
                )
    end
{%- endmacro %}

{% macro postgres_same_letters(end, left_text, right_text) -%}
    (
        select cast(count(*) as integer)
        from generate_series(1, least(length({{ left_text }}), length({{ right_text }}))) as place
        where {{ end }}({{ left_text }}, place) = {{ end }}({{ right_text }}, place)
    )
{%- endmacro %}
