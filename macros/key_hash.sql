{# A stable text key over parts that may be null: each part goes in with its length, so that ('ab','c') differs from ('a','bc').
   md5 is a name here, not a protection. `prefix` says what the key names. #}
{% macro key_hash(prefix, parts) -%}
    '{{ prefix }}_' || md5(
    {%- for part in parts %}
        coalesce(cast(length(cast({{ part }} as {{ dbt.type_string() }})) as {{ dbt.type_string() }}) || ':' || cast({{ part }} as {{ dbt.type_string() }}), '~') {{ '||' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}
