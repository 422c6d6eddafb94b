{# Fails with the words of the column themselves, so that whoever reads the failure knows what to mend and need not look for the rows.
   - says_nothing #}
{% test says_nothing(model, column_name) %}

{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- set found = run_query('select ' ~ column_name ~ ' from ' ~ model ~ ' order by 1 limit 20') -%}
    {%- if found.rows -%}
        {{ exceptions.raise_compiler_error(found.columns[0].values() | join('\n')) }}
    {%- endif -%}
{%- endif -%}

select {{ column_name }} from {{ model }}

{% endtest %}
