-- A failed row's fee says nothing: the status is the break. Where the processor's fee is off the contract's schedule and the books have
-- what the contract asks, that break tells the same difference.
with pairs as (
    select * from {{ ref('int_discrepancies__pairs') }}
    where
        match_status = 'matched'
        and abs(right_fee_minor - left_fee_minor) > fee_tolerance_minor
        and left_status not in ('failed', 'canceled') and right_status not in ('failed', 'canceled')
),

off_schedule as (
    select * from {{ ref('int_discrepancies__fee_off_schedule') }}
),

untold as (
    select pairs.*
    from pairs
    left join off_schedule
        on
            pairs.counterpart_transaction_id = off_schedule.transaction_id
            and pairs.left_fee_minor = off_schedule.expected_minor
    where off_schedule.transaction_id is null
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
from untold
