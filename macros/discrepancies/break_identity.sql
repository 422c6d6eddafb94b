{# The columns every kind of break has, that say which row it is about and where that row came from; `table` where there are several. #}
{% macro break_identity(table=none) -%}
    {%- set columns = [
        'reconciliation', 'tenant_id', 'match_id', 'transaction_id', 'counterpart_transaction_id', 'source', 'native_id', 'processor',
        'reference', 'business_date', 'currency', '_document_id', '_source_file', '_source_line'
    ] -%}
    {%- for column in columns %}
    {{ table ~ '.' if table }}{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
