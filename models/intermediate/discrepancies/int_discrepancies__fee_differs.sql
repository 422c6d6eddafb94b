-- A failed row's fee says nothing: the status is the break.
with pairs as (
    select * from {{ ref('int_discrepancies__pairs') }}
    where
        match_status = 'matched'
        and abs(right_fee_minor - left_fee_minor) > fee_tolerance_minor
        and left_status not in ('failed', 'canceled') and right_status not in ('failed', 'canceled')
)

select
    'fee_differs' as kind,
    {{ break_identity() }},
    left_fee_minor as expected_minor,
    right_fee_minor as found_minor,
    abs(right_fee_minor - left_fee_minor) as amount_at_risk_minor,
    first_seen_on,
    'The fees of ' || native_id || ' (' || left_side || ') and ' || counterpart_native_id || ' (' || right_side
    || ') differ by more than the rule allows.' as explanation
from pairs
