{{ overreturned_break('double_loss', 'refunded and charged back') }}
