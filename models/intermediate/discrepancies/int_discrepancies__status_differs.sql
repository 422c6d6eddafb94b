-- Expected is what the left says has moved, found what the right says; a row that is not settled moved nothing.
with pairs as (
    select * from {{ ref('int_discrepancies__pairs') }}
    where
        match_status = 'matched'
        and left_status != right_status
        and (status_rule = 'any' or (left_status != 'pending' and right_status != 'pending'))
)

select
    'status_differs' as kind,
    {{ break_identity() }},
    case when left_status = 'settled' then left_amount_minor else 0 end as expected_minor,
    case when right_status = 'settled' then right_amount_minor else 0 end as found_minor,
    greatest(abs(left_amount_minor), abs(right_amount_minor)) as amount_at_risk_minor,
    first_seen_on,
    native_id || ' is ' || left_status || ' (' || left_side || '), '
    || counterpart_native_id || ' is ' || right_status || ' (' || right_side || ').' as explanation
from pairs
