{# A table that is kept from run to run: a run takes away the rows of the keys that were touched since, and puts in what the model's SQL says
   of them. Config: kept_by, the column whose values are touched (within a tenant); tells, the column whose values the model below must know
   of; readings, for the first of the chain, the model with the readings that count now.

   ops.touched_keys is the list of what was touched, numbered run by run; ops.kept_models says of each model up to which number it knows.
   Rows, list and number change in one transaction, so a run that ends anywhere is taken up by the next, whatever it selects. A model is made
   anew when anything it is made from, SQL, macros or seed, is not what it was; when something above it was made anew; and with --full-refresh. #}
{% materialization kept, adapter='duckdb' -%}
    {%- set slice = kept_slice() -%}
    {{ return(tieout.materialization_table_duckdb() if slice.is_new else keys_replaced(slice)) }}
{%- endmaterialization %}

{% materialization kept, adapter='postgres' -%}
    {%- set slice = kept_slice() -%}
    {{ return(dbt.materialization_table_default() if slice.is_new else keys_replaced(slice)) }}
{%- endmaterialization %}

{# In a kept model's imports: the rows of touched keys alone; of all keys, when it is made anew. `word` is `and` after a condition. Where the
   import is kept by the same column, its rows of touched keys are all new in it: by their number, touched_in, an engine finds them unread.
   Else `wide` names an import with many columns: it is looked through for the keys alone, then its rows are taken. #}
{% macro only_touched(word='where', numbered=false, wide=none) -%}
    {%- set slice = kept_slice() -%}
    {%- if slice and not slice.is_new -%}
        {%- set is_touched = '(tenant_id, ' ~ model.config.kept_by ~ ') in (' ~ touched_keys(model.config.kept_by, slice) ~ ')' -%}
        {{ word }} {{ 'touched_in > ' ~ slice.from ~ ' and' if numbered }} {{ taken_by_place(wide, is_touched) if wide else is_touched }}
    {%- endif -%}
{%- endmacro %}

{# The last column of a kept model that others import by number: in which run the row came. #}
{% macro touched_in() -%}
    {%- set slice = kept_slice() -%}
    cast({{ slice.to if slice else 0 }} as bigint) as touched_in
{%- endmacro %}

{# In the first of the chain, where documents are read: the new ones alone, by name, so that no engine reads the others to leave them out. #}
{% macro only_new_documents(readings) -%}
    {%- set slice = kept_slice() -%}
    {%- if slice and not slice.is_new -%}
        {%- set column = model.config.kept_by -%}
        {%- set found = run_query('select document_id from ' ~ readings ~ ' where ' ~ column ~ ' not in (select distinct ' ~ column ~ ' from ' ~ this ~ ')') -%}
        {%- set names = [] -%}
        {%- for row in found -%}
            {%- do names.append(dbt.string_literal(dbt.escape_single_quotes(row[0]))) -%}
        {%- endfor -%}
        where _document_id in ({{ names | join(', ') or 'null' }})
    {%- endif -%}
{%- endmacro %}

{# After a kept model, in its transaction: up to where it knows, and which making of it this is. #}
{% macro kept_mark() -%}
    {%- set slice = kept_slice() -%}
    {%- if slice -%}
        {%- set name = model.name -%}
        {%- if slice.is_new and model.config.readings %}
            delete from ops.touched_keys;
        {%- endif %}
        delete from ops.kept_models where model = '{{ name }}';
        insert into ops.kept_models (model, signature, generation, made_from, known_to)
        values ('{{ name }}', '{{ slice.signature }}', '{{ slice.generation }}', '{{ slice.made_from }}', {{ slice.to }})
    {%- endif -%}
{%- endmacro %}

{# What this run has to do for the model: nothing but a kept model has an answer. Found once and remembered, since a model asks often. #}
{% macro kept_slice() -%}
    {%- if not execute or model.config.materialized != 'kept' -%}
        {{ return(none) }}
    {%- elif not model.kept_slice -%}
        {%- do model.update({'kept_slice': kept_slice_found()}) -%}
    {%- endif -%}
    {{ return(model.kept_slice) }}
{%- endmacro %}

{% macro kept_slice_found() -%}
    {%- set above = [model.unique_id] -%}
    {%- for id in above -%}
        {%- for parent in graph.nodes[id].depends_on.nodes if parent in graph.nodes and parent not in above -%}
            {%- do above.append(parent) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set marks = kept_marks() -%}
    {%- set made_of, made_from, known = [var('reward_method', 'fifo'), dbt_version, macros_print()], [], [] -%}
    {%- for id in above | sort -%}
        {%- set node = graph.nodes[id] -%}
        {%- do made_of.append(node.name ~ ':' ~ node.checksum.checksum) -%}
        {%- if node.config.materialized == 'kept' and id != model.unique_id -%}
            {%- set mark = marks.get(node.name, {'generation': 'none', 'known_to': -1}) -%}
            {%- do known.append(mark.known_to) -%}
            {%- do made_from.append(node.name ~ ':' ~ mark.generation) if node.config.tells -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set signature, made_from = local_md5(made_of | join(',')), local_md5(made_from | join(',')) -%}
    {%- set mark = marks.get(model.name, {'signature': 'none'}) -%}
    {%- set relation = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {%- set is_new = mark.signature != signature or mark.made_from != made_from or relation is none or not relation.is_table or should_full_refresh() -%}
    {%- set from = 0 if is_new else mark.known_to -%}
    {{ return({
        'is_new': is_new,
        'signature': signature,
        'made_from': made_from,
        'generation': invocation_id if is_new else mark.generation,
        'from': from,
        'to': known | min if known else (0 if is_new else from + 1),
    }) }}
{%- endmacro %}

{# All macros of the project as one name: which of them a model's SQL calls, nothing here knows. Made once a run: the graph is one for all models. #}
{% macro macros_print() -%}
    {%- if not graph.macros_print -%}
        {%- set texts = [] -%}
        {%- for name in context['tieout'] | sort -%}
            {%- do texts.append(context['tieout'][name].macro.macro_sql) -%}
        {%- endfor -%}
        {%- do graph.update({'macros_print': local_md5(texts | join)}) -%}
    {%- endif -%}
    {{ return(graph.macros_print) }}
{%- endmacro %}

{# The linter compiles against an empty warehouse, where no list is yet. #}
{% macro kept_marks() -%}
    {%- set marks = {} -%}
    {%- set list = run_query("select 1 from information_schema.tables where table_schema = 'ops' and table_name = 'kept_models'") -%}
    {%- for row in (run_query('select model, signature, generation, made_from, known_to from ops.kept_models') if list | length > 0 else []) -%}
        {%- do marks.update({row[0]: {'signature': row[1], 'generation': row[2], 'made_from': row[3], 'known_to': row[4] | int}}) -%}
    {%- endfor -%}
    {{ return(marks) }}
{%- endmacro %}

{% macro touched_keys(column, slice) -%}
    select tenant_id, touched_key from ops.touched_keys where touched_column = '{{ column }}' and touched_in > {{ slice.from }} and touched_in <= {{ slice.to }}
{%- endmacro %}

{# The touched keys' rows go, and come as the model's SQL says they are now. #}
{% macro keys_replaced(slice) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set keys = touched_keys(config.get('kept_by'), slice) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if config.get('readings') -%}
        {%- call statement('readings') -%}
            {{ readings_touched(target, this.incorporate(path={'identifier': config.get('readings')}), slice) }}
        {%- endcall -%}
    {%- endif -%}
    {%- set is_touched = run_query('select 1 from (' ~ keys ~ ') as keys limit 1') | length > 0 -%}
    {%- set columns = get_quoted_csv(adapter.get_columns_in_relation(target) | map(attribute='name')) -%}
    {%- call statement('main') -%}
        {%- if is_touched %}
            {{ holders_told(target, keys, slice) }}
            delete from {{ target }} where (tenant_id, {{ config.get('kept_by') }}) in ({{ keys }});
            insert into {{ target }} ({{ columns }}) select {{ columns }} from ({{ sql }}) as rows_now;
            {{ holders_told(target, keys, slice) }}
        {%- endif %}
        select 1
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmacro %}

{# Who has rows of these keys, before and after: the model below takes them anew. #}
{% macro holders_told(target, keys, slice) -%}
    {%- if config.get('tells') %}
        insert into ops.touched_keys (touched_column, touched_in, tenant_id, touched_key)
        select distinct '{{ config.get('tells') }}', {{ slice.to }}, tenant_id, {{ config.get('tells') }}
        from {{ target }}
        where (tenant_id, {{ config.get('kept_by') }}) in ({{ keys }});
    {%- endif %}
{%- endmacro %}

{# Readings that came, and those that went; of the list, what every model knows is forgotten. #}
{% macro readings_touched(target, readings, slice) -%}
    {%- set column = config.get('kept_by') -%}
    delete from ops.touched_keys where touched_in <= (select min(known_to) from ops.kept_models);
    insert into ops.touched_keys (touched_column, touched_in, tenant_id, touched_key)
    select '{{ column }}', {{ slice.to }}, tenant_id, {{ column }}
    from {{ readings }} where {{ column }} not in (select distinct {{ column }} from {{ target }})
    union all
    select distinct '{{ column }}', {{ slice.to }}, tenant_id, {{ column }}
    from {{ target }} where {{ column }} not in (select {{ column }} from {{ readings }})
{%- endmacro %}
