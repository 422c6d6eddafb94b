-- Each match by a rule that names no window of days, from each of its rows that came first: when the other was due by the settlement
-- calendar. A rule with a window has looked at the days itself, and a person who matched by hand has too.
with pairs as (
    select * from {{ ref('int_discrepancies__pairs') }}
    where match_status = 'matched' and not has_window and business_date != counterpart_business_date
),

firsts as (
    select
        match_id, reconciliation, processor, left_side as side, event_type, business_date as began_on,
        coalesce(expected_on, business_date) as counts_from, expected_on is not null as is_announced,
        counterpart_business_date as came_on
    from pairs
    where business_date < counterpart_business_date
    union all
    select
        match_id, reconciliation, processor, right_side as side, counterpart_event_type as event_type,
        counterpart_business_date as began_on, coalesce(counterpart_expected_on, counterpart_business_date) as counts_from,
        counterpart_expected_on is not null as is_announced, business_date as came_on
    from pairs
    where counterpart_business_date < business_date
),

{{ settlement_waits('firsts', ['match_id']) }}

select
    match_id,
    side,
    began_on,
    counts_from,
    came_on,
    calendar,
    in_business_days,
    wait_days,
    {{ days_between('counts_from', 'came_on') }} as days_later
from waits
where {{ days_between('counts_from', 'came_on') }} > wait_days
