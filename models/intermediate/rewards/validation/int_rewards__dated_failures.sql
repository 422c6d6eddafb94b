with reward_transactions as (
    select * from {{ ref('reward_transactions') }}
)

-- These fail by the calendar, for rows that nothing has touched: they are looked for anew in every run.
{{ failing_transactions('not_from_the_future', "'dated after the moment of the run'", 'created_at > ' ~ as_of()) }}
union all
{{ failing_transactions('lots_leave_when_they_expire', "'has money left after the day it expires'",
    'is_lot and problem is null and open_amount_minor > 0 and expires_at <= ' ~ as_of(), 'open_amount_minor') }}
