{# The models that bring a source into the shape of a transaction: one a kind of row, all with the same columns in the same order. #}
{% macro transaction_adapters() %}
    {{ return([
        'int_transactions__internal',
        'int_transactions__stripe_changes',
        'int_transactions__stripe_payouts',
        'int_transactions__stripe_api',
        'int_transactions__paypal',
        'int_transactions__cards',
        'int_transactions__generic',
        'int_transactions__adyen',
        'int_transactions__square',
        'int_transactions__bank',
        'int_transactions__nacha',
    ]) }}
{% endmacro %}
