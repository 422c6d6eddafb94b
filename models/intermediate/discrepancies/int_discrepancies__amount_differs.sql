with pairs as (
    select * from {{ ref('int_discrepancies__pairs') }} where difference_minor != 0
)

select
    'amount_differs' as kind,
    {{ break_identity() }},
    left_amount_minor as expected_minor,
    right_amount_minor as found_minor,
    abs(difference_minor) as amount_at_risk_minor,
    first_seen_on,
    match_explanation as explanation
from pairs
