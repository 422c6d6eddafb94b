{{ orphan_break('orphan_refund', ['refund']) }}
