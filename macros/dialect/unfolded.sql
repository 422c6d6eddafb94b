{# Text in which each sign that stands for several letters has become them, by a list of "№=No" between blanks. Letter by letter: two hundred
   `replace` one inside the other are more than a parser of SQL follows. #}
{% macro unfolded(text, signs) -%}
    {{ return(adapter.dispatch('unfolded', 'tieout')(text, signs)) }}
{%- endmacro %}

{% macro default__unfolded(text, signs) -%}
    {{ refuse_dialect('unfolded') }}
{%- endmacro %}

{% macro duckdb__unfolded(text, signs) -%}
    array_to_string(
        list_transform(
            regexp_extract_all({{ text }}, '(?s).'),
            lambda sign: coalesce(map {
                {%- for word in signs.split() %}'{{ word[0] }}': '{{ word[2:] }}'{{ ', ' if not loop.last }}{% endfor -%}
            }[sign], sign)
        ),
        ''
    )
{%- endmacro %}

{% macro postgres__unfolded(text, signs) -%}
    (
        select string_agg(coalesce(signs.letters, told.sign), '' order by told.place)
        from unnest(string_to_array({{ text }}, null)) with ordinality as told (sign, place)
        left join (
            values {% for word in signs.split() %}('{{ word[0] }}', '{{ word[2:] }}'){{ ', ' if not loop.last }}{% endfor %}
        ) as signs (sign, letters)
            on told.sign = signs.sign
    )
{%- endmacro %}
