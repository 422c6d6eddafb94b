{# Tables and views on DuckDB, each made in one statement that takes the place of the old one.

   dbt's own way, a new one beside the old, two renames and a drop, is some ten statements and as
   many macro calls a model, which was half the time of a build. `create or replace` within the
   model's transaction gives the same: the old one until the commit, and if the model fails. #}
{% materialization table, adapter='duckdb' -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- do make_way(target) -%}
    {%- set contract = config.get('contract') -%}
    {%- call statement('main') -%}
        {%- if contract and contract.enforced %}
            {{ get_assert_columns_equivalent(sql) }}
            create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
            insert into {{ target }} {{ get_column_names() }} ({{ get_select_subquery(sql) }});
        {%- else -%}
            create or replace table {{ target }} as ({{ sql }});
        {%- endif -%}
    {%- endcall -%}
    {%- do create_indexes(target) -%}
    {{ return(finished(target)) }}
{%- endmaterialization %}

{% materialization view, adapter='duckdb' -%}
    {%- set target = this.incorporate(type='view') -%}
    {%- do make_way(target) -%}
    {%- set contract = config.get('contract') -%}
    {%- call statement('main') -%}
        {%- if contract and contract.enforced %}
            {{ get_assert_columns_equivalent(sql) }}
        {%- endif -%}
        create or replace view {{ target }} as ({{ sql }});
    {%- endcall -%}
    {{ return(finished(target)) }}
{%- endmaterialization %}

{# Before the statement: hooks, and away with a table where a view shall be, or the other way. #}
{% macro make_way(target) -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and existing.type != target.type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{%- endmacro %}

{# After it: comments, commit, hooks. #}
{% macro finished(target) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target, model) -%}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmacro %}
