{{ reward_break(
    'reward_reversal_unmatched',
    'unmatched_amount_minor > 0',
    expected='amount_minor - unmatched_amount_minor',
    found='amount_minor',
    at_risk='unmatched_amount_minor',
    explanation="case
        when reversed_redeem_id is null then 'It names no redemption before it, neither by its order nor by an id in its reason.'
        else 'It takes back more than redemption ' || reversed_redeem_id || ' still held.'
    end",
) }}
