{{ overreturned_break('over_refunded', 'refunded') }}
