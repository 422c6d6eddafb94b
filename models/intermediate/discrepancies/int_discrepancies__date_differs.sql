-- One event told on days too far apart. The money is there, so nothing is at risk but the month it belongs to: all of it where the two
-- days lie in different months, else nothing.
with overdue as (
    select * from {{ ref('int_discrepancies__overdue_pairs') }}
),

pairs as (
    select * from {{ ref('int_discrepancies__pairs') }}
)

select
    'date_differs' as kind,
    {{ break_identity('pairs') }},
    pairs.left_amount_minor as expected_minor,
    pairs.right_amount_minor as found_minor,
    case
        when
            substring(cast(pairs.business_date as {{ dbt.type_string() }}), 1, 7)
            = substring(cast(pairs.counterpart_business_date as {{ dbt.type_string() }}), 1, 7)
            then 0
        else least(abs(pairs.left_amount_minor), abs(pairs.right_amount_minor))
    end as amount_at_risk_minor,
    overdue.came_on as first_seen_on,
    pairs.native_id || ' (' || pairs.left_side || ') is of ' || cast(pairs.business_date as {{ dbt.type_string() }}) || ', '
    || pairs.counterpart_native_id || ' (' || pairs.right_side || ') of '
    || cast(pairs.counterpart_business_date as {{ dbt.type_string() }}) || '; '
    || cast(overdue.wait_days as {{ dbt.type_string() }}) || ' days are usual from '
    || cast(overdue.counts_from as {{ dbt.type_string() }}) || '.' as explanation
from overdue
inner join pairs on overdue.match_id = pairs.match_id
