{% for source_name, table, model in landed_tables() %}
    select '{{ table }}' as record, _document_id as document_id, count(*) as row_count
    from {{ ref(model) }}
    group by _document_id {{ 'union all' if not loop.last }}
{% endfor %}
