{# The sum of a whole number over the objects of a JSON list, of those whose word is so; 0 where none is, null where there is no list. #}
{% macro json_list_sum(text, number, word, is) -%}
    {{ return(adapter.dispatch('json_list_sum', 'tieout')(text, number, word, is)) }}
{%- endmacro %}

{% macro default__json_list_sum(text, number, word, is) -%}
    {{ refuse_dialect('json_list_sum') }}
{%- endmacro %}

{% macro duckdb__json_list_sum(text, number, word, is) -%}
    case when {{ text }} like '[%' then cast(coalesce(list_sum(list_transform(
        list_filter(
            from_json(cast({{ text }} as json), '["json"]'), lambda part: json_extract_string(part, '$.{{ word }}') = '{{ is }}'
        ),
        lambda part: cast(json_extract_string(part, '$.{{ number }}') as bigint)
    )), 0) as bigint) end
{%- endmacro %}

{% macro postgres__json_list_sum(text, number, word, is) -%}
    case when {{ text }} like '[%' then (
        select cast(coalesce(sum(cast(parts.part ->> '{{ number }}' as bigint)), 0) as bigint)
        from jsonb_array_elements(cast({{ text }} as jsonb)) as parts (part)
        where parts.part ->> '{{ word }}' = '{{ is }}'
    ) end
{%- endmacro %}
