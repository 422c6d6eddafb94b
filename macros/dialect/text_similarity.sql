{# How alike two short texts are, 0 to 100: twice the pairs of neighbouring letters both have, over those either has (Dice), each pair counted
   once and both ends marked, so that a changed first letter counts as much as one in the middle. Null when either is null.
   Whole numbers only, and the same on every engine. #}
{% macro text_similarity(left_text, right_text) -%}
    {{ return(adapter.dispatch('text_similarity', 'tieout')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__text_similarity(left_text, right_text) -%}
    {{ refuse_dialect('text_similarity') }}
{%- endmacro %}

{% macro duckdb__text_similarity(left_text, right_text) -%}
    {%- set lefts = duckdb_letter_pairs(left_text) -%}
    {%- set rights = duckdb_letter_pairs(right_text) -%}
    cast(200 * len(list_intersect({{ lefts }}, {{ rights }})) // (len({{ lefts }}) + len({{ rights }})) as integer)
{%- endmacro %}

{% macro duckdb_letter_pairs(text) -%}
    list_distinct(list_transform(range(1, length({{ text }}) + 2), lambda place: substring('^' || {{ text }} || '$', cast(place as bigint), 2)))
{%- endmacro %}

{% macro postgres__text_similarity(left_text, right_text) -%}
    (
        select
            cast(
                200 * sum(case when sides = 3 then 1 else 0 end)
                / (sum(case when sides = 3 then 2 else 1 end))
                as integer
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
