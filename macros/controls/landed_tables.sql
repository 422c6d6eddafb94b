{# Every raw table that landing fills, with the staging model that must have each of its rows: (source, table, model).
   A table that is not in this list is found by tests/python/test_house.py. #}
{% macro landed_tables() %}
    {{ return([
        ('internal', 'internal_transactions', 'stg_internal__transactions'),
        ('stripe', 'stripe_balance_changes', 'stg_stripe__balance_changes'),
        ('stripe', 'stripe_payouts', 'stg_stripe__payouts'),
        ('bank', 'bank_statements', 'stg_bank__statements'),
        ('bank', 'bank_balances', 'stg_bank__balances'),
        ('bank', 'bank_entries', 'stg_bank__entries'),
        ('bank', 'bank_entry_details', 'stg_bank__entry_details'),
        ('thrive_cash', 'thrive_cash_transactions', 'stg_thrive_cash__events'),
        ('thrive_cash', 'thrive_cash_sales', 'stg_thrive_cash__sales'),
        ('thrive_cash', 'thrive_cash_customers', 'stg_thrive_cash__customers'),
    ]) }}
{% endmacro %}
