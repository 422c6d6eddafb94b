{{ reward_break(
    'reward_unknown_type',
    "problem = 'unknown_type'",
    expected='0',
    found='amount_minor',
    at_risk='abs(amount_minor)',
    explanation="'Nobody has said what ' || native_type || ' means; the row takes no part in the history of customer ' || customer_id || '.'",
) }}
