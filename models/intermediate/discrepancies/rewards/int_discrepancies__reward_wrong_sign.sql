{{ reward_break(
    'reward_wrong_sign',
    "problem = 'wrong_sign'",
    expected='-amount_minor',
    found='amount_minor',
    at_risk='abs(amount_minor)',
    explanation="'The sign contradicts the word ' || native_type || '; the row takes no part in the history of customer ' || customer_id || '.'",
) }}
