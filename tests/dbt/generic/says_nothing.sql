{# Fails with the words of the column themselves, so that whoever reads the failure knows what to mend and need not look for the rows.
   - says_nothing #}
{% test says_nothing(model, column_name) %}

{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- call statement('said', fetch_result=True) -%}
        select {{ column_name }} from {{ model }} order by 1 limit 20
    {%- endcall -%}
    {%- set said = load_result('said').data -%}
    {%- if said -%}
        {{ exceptions.raise_compiler_error(said | map('first') | join('\n')) }}
    {%- endif -%}
{%- endif -%}

select {{ column_name }} from {{ model }}

{% endtest %}
