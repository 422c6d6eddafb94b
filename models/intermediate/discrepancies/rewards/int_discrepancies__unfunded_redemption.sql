{{ reward_break(
    'unfunded_redemption',
    'still_unfunded_minor > 0',
    expected='abs(amount_minor)',
    found='abs(amount_minor) - still_unfunded_minor',
    at_risk='still_unfunded_minor',
    explanation="'Customer ' || customer_id || ' had earned less before this redemption than it took.'",
) }}
