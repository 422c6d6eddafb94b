{# The descriptions of a relation and of its columns, as comments, in one statement list. A described
   column that is not there is an error of the database. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- do write_comments(relation, model, for_relation, for_columns) -%}
{%- endmacro %}

{% macro postgres__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- do write_comments(relation, model, for_relation, for_columns) -%}
{%- endmacro %}

{% macro write_comments(relation, model, for_relation, for_columns) -%}
    {%- set comments -%}
        {%- if for_relation and config.persist_relation_docs() and model.description -%}
            {{ alter_relation_comment(relation, model.description) }}
        {%- endif -%}
        {%- if for_columns and config.persist_column_docs() -%}
            {%- for column in model.columns.values() if column.description %}
                comment on column {{ relation }}.{{ adapter.quote(column.name) if column.quote else column.name }}
                is '{{ column.description | replace("'", "''") }}';
            {%- endfor -%}
        {%- endif -%}
    {%- endset -%}
    {%- if comments | trim -%}
        {%- call statement('comments') -%}{{ comments }}{%- endcall -%}
    {%- endif -%}
{%- endmacro %}
