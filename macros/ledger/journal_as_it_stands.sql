{# The journal before this build writes to it, for what decides whether it may; an empty one where there is no table yet. No ref: the
   journal comes after whoever asks. #}
{% macro journal_as_it_stands() -%}
    {%- set journal = load_relation(this.incorporate(path={'identifier': 'int_ledger__journal'})) if execute -%}
    {{ journal if journal else '(select cast(null as ' ~ dbt.type_string() ~ ') as tenant_id where 1 = 0)' }}
{%- endmacro %}
