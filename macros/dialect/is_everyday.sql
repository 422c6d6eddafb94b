{# Whether a text has letters only that are plain already, if perhaps not composed: ASCII, Latin, Greek and Cyrillic letters, accents,
   kana and ideographs. What it does not name is not odd for that; it only takes the long way. #}
{% macro is_everyday(text) -%}
    {{ return(adapter.dispatch('is_everyday', 'tieout')(text)) }}
{%- endmacro %}

{% macro everyday_letters() -%}
    {%- for first, last in [
        (32, 126), (192, 305), (308, 318), (321, 328), (330, 382), (384, 451), (461, 496), (500, 591), (768, 879), (902, 974), (1024, 1153),
        (1162, 1327), (12353, 12438), (12449, 12538), (19968, 40959), (44032, 55203)
    ] -%}{{ '%c-%c' | format(first, last) }}{%- endfor -%}
{%- endmacro %}

{% macro default__is_everyday(text) -%}
    {{ refuse_dialect('is_everyday') }}
{%- endmacro %}

{% macro duckdb__is_everyday(text) -%}
    regexp_full_match({{ text }}, '[{{ everyday_letters() }}]*')
{%- endmacro %}

{% macro postgres__is_everyday(text) -%}
    {{ text }} ~ '^[{{ everyday_letters() }}]*$'
{%- endmacro %}
