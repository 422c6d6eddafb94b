{% set tables = [
    ('internal', 'internal_transactions'), ('stripe', 'stripe_balance_changes'), ('stripe', 'stripe_payouts'),
    ('bank', 'bank_statements'), ('bank', 'bank_balances'), ('bank', 'bank_entries'), ('bank', 'bank_entry_details'),
    ('thrive_cash', 'thrive_cash_transactions'), ('thrive_cash', 'thrive_cash_sales'), ('thrive_cash', 'thrive_cash_customers'),
] %}

{% for source_name, table in tables %}
    select '{{ table }}' as record, _document_id as document_id, count(*) as row_count
    from {{ source(source_name, table) }}
    group by _document_id {{ 'union all' if not loop.last }}
{% endfor %}
