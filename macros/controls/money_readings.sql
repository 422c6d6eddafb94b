{# How the money of a raw table reads, said a second time and apart from staging, so that the controls can compare the two.
   One reading for each money event a row stands for:
     record    its name in the controls (the raw table, unless a row stands for several events)
     table     (source, raw table); `raw_where` limits its rows; `rows` is SQL that takes its place where lines make one event
     amount    SQL over the raw columns: signed effect on the merchant, in major units of the currency
     fee       the same, positive = cost
     currency  SQL; null means the document's
     model     the staging model, with amount_minor (or `staged_amount`) and `staged_where`
     is_booked SQL over the staging model: whether the row becomes a transaction; int_controls__booked_rows reads that once more, from raw #}
{% macro money_readings() %}
    {% set readings = [
        {'record': 'internal_transactions', 'table': ('internal', 'internal_transactions'),
         'amount': 'amount', 'fee': "coalesce(fee, '0')", 'model': 'stg_internal__versions',
         'is_booked': 'is_booked'},
        {'record': 'stripe_balance_changes', 'table': ('stripe', 'stripe_balance_changes'),
         'amount': 'gross', 'fee': "coalesce(fee, '0')", 'model': 'stg_stripe__balance_changes'},
        {'record': 'stripe_payouts', 'table': ('stripe', 'stripe_payouts'),
         'amount': 'gross', 'fee': "coalesce(fee, '0')", 'model': 'stg_stripe__payouts'},
        {'record': 'stripe_api_balance_transactions', 'table': ('stripe', 'stripe_api_balance_transactions'),
         'amount': stripe_api_major('amount'), 'fee': stripe_api_major('fee'), 'model': 'stg_stripe__api_balance_transactions'},
        {'record': 'generic_transactions', 'table': ('generic', 'generic_transactions'),
         'amount': 'amount', 'fee': "coalesce(fee, '0')", 'model': 'stg_generic__versions',
         'is_booked': 'is_booked'},
        {'record': 'adyen_settlement_details', 'table': ('adyen', 'adyen_settlement_details'),
         'amount': adyen_net() ~ ' + ' ~ adyen_fees(), 'fee': adyen_fees(), 'currency': 'net_currency',
         'model': 'stg_adyen__settlement_details'},
        {'record': 'square_payments', 'table': ('square', 'square_payments'), 'amount': square_major(['total_amount']),
         'fee': square_major(['fee_1', 'fee_2', 'fee_3', 'fee_4', 'fee_5', 'fee_6']), 'model': 'stg_square__events',
         'staged_where': "reported_in = 'square_payments'", 'is_booked': 'is_booked'},
        {'record': 'square_refunds', 'table': ('square', 'square_refunds'), 'amount': '-' ~ square_major(['amount']),
         'fee': square_major(['fee_1', 'fee_2', 'fee_3', 'fee_4', 'fee_5', 'fee_6']), 'model': 'stg_square__events',
         'staged_where': "reported_in = 'square_refunds'", 'is_booked': 'is_booked'},
        {'record': 'square_payouts', 'table': ('square', 'square_payouts'), 'amount': '-' ~ square_major(['amount']), 'fee': "'0'",
         'model': 'stg_square__events', 'staged_where': "reported_in = 'square_payouts'", 'is_booked': 'is_booked'},
        {'record': 'square_payout_entries', 'table': ('square', 'square_payout_entries'), 'amount': square_major(['gross_amount']),
         'fee': square_major(['fee_amount']), 'model': 'stg_square__events',
         'staged_where': "reported_in = 'square_payout_entries'", 'is_booked': 'is_booked'},
        {'record': 'square_disputes', 'table': ('square', 'square_disputes'), 'amount': '-' ~ square_major(['amount']), 'fee': "'0'",
         'model': 'stg_square__events', 'staged_where': "reported_in = 'square_disputes'", 'is_booked': 'is_booked'},
        {'record': 'square_transactions', 'table': ('square', 'square_transactions'), 'amount': square_export_amount(),
         'fee': 'fees', 'currency': 'null', 'model': 'stg_square__events',
         'staged_where': "reported_in = 'square_transactions'", 'is_booked': 'is_booked'},
        {'record': 'paypal_transactions', 'table': ('paypal', 'paypal_transactions'),
         'amount': "cast(gross_amount as decimal(24, 4)) * case credit_debit when 'DR' then -0.01 else 0.01 end",
         'fee': "cast(coalesce(fee_amount, '0') as decimal(24, 4)) * case fee_credit_debit when 'CR' then -0.01 else 0.01 end",
         'currency': 'gross_currency', 'model': 'stg_paypal__transactions', 'is_booked': 'is_booked'},
        {'record': 'paypal_searched_transactions', 'table': ('paypal', 'paypal_searched_transactions'),
         'amount': 'amount', 'fee': "-1 * cast(coalesce(fee_amount, '0') as decimal(24, 4))",
         'model': 'stg_paypal__searched_transactions', 'is_booked': 'is_booked'},
        {'record': 'bank_entries', 'table': ('bank', 'bank_entries'),
         'amount': "cast(amount as decimal(28, 4)) * case when credit_debit = 'DBIT' then -1 else 1 end", 'fee': "'0'",
         'model': 'stg_bank__lines', 'is_booked': 'is_transaction'},
        {'record': 'nacha_entries', 'table': ('nacha', 'nacha_entries'), 'currency': 'null',
         'amount': "cast(amount as decimal(28, 4)) * 0.01 * case when (direction = 'debit')"
            ~ " = (entry_kind in ('return', 'contested')) then -1 else 1 end",
         'fee': "'0'", 'model': 'stg_nacha__entries', 'is_booked': 'is_money'},
        {'record': 'thrive_cash_transactions', 'table': ('thrive_cash', 'thrive_cash_transactions'),
         'amount': 'amount', 'fee': "'0'", 'currency': 'null', 'model': 'stg_thrive_cash__events'},
    ] %}
    {{ return(readings + card_money_readings()) }}
{% endmacro %}
