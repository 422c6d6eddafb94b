{{ orphan_break('orphan_chargeback', ['chargeback', 'chargeback_reversal']) }}
