{% for source_name, table, model in landed_tables() %}
    select '{{ table }}' as record, _document_id as document_id, count(*) as row_count
    from {{ source(source_name, table) }}
    group by _document_id {{ 'union all' if not loop.last }}
{% endfor %}
