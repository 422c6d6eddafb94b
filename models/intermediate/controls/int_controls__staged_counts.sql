{% set models = {
    'internal_transactions': 'stg_internal__transactions',
    'stripe_balance_changes': 'stg_stripe__balance_changes', 'stripe_payouts': 'stg_stripe__payouts',
    'bank_statements': 'stg_bank__statements', 'bank_balances': 'stg_bank__balances',
    'bank_entries': 'stg_bank__entries', 'bank_entry_details': 'stg_bank__entry_details',
    'thrive_cash_transactions': 'stg_thrive_cash__events', 'thrive_cash_sales': 'stg_thrive_cash__sales',
    'thrive_cash_customers': 'stg_thrive_cash__customers',
} %}

{% for table, model in models.items() %}
    select '{{ table }}' as record, _document_id as document_id, count(*) as row_count
    from {{ ref(model) }}
    group by _document_id {{ 'union all' if not loop.last }}
{% endfor %}
