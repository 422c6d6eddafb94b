with pairs as (
    select * from {{ ref('int_discrepancies__pairs') }} where match_status = 'matched' and difference_minor != 0
),

many as (
    select * from {{ ref('int_discrepancies__groups') }} where match_status = 'matched' and difference_minor != 0
),

differing as (
    select
        {{ break_identity() }}, left_amount_minor, right_amount_minor, difference_minor, first_seen_on, match_explanation
    from pairs
    union all
    select
        {{ break_identity() }}, left_amount_minor, right_amount_minor, difference_minor, first_seen_on, match_explanation
    from many
)

select
    'amount_differs' as kind,
    {{ break_identity() }},
    left_amount_minor as expected_minor,
    right_amount_minor as found_minor,
    abs(difference_minor) as amount_at_risk_minor,
    first_seen_on,
    match_explanation as explanation
from differing
