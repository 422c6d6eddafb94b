{{ reward_break(
    'reward_expiry_overdue',
    'is_lot and open_amount_minor > 0 and expires_at <= ' ~ as_of(),
    expected='0',
    found='open_amount_minor',
    at_risk='open_amount_minor',
    explanation="'The lot could expire, and no expired row has taken what is left of it.'",
    seen_on='cast(expires_at as date)',
) }}
