-- The days that something could be due on: near each day on which an open row was booked or announced, whether the calendar is open,
-- which open day comes next, and the day's number in the count of open days. Numbers need no unbroken series of days.
with standing as (
    select * from {{ ref('int_matching__standing') }} where standing = 'open'
),

settlement_calendars as (
    select * from {{ ref('settlement_calendars') }}
),

business_calendars as (
    select * from {{ ref('business_calendars') }}
),

holidays as (
    select * from {{ ref('holidays') }}
),

numbers as (
    {{ day_offsets(999) }}
),

-- A wait of business days takes twice as many days at most, holidays aside.
reach as (
    select
        calendar,
        2 * max(greatest(due_days, grace_days)) + 31 as last_number
    from settlement_calendars
    group by calendar
),

starts as (
    select business_date as started_on from standing
    union
    select expected_on as started_on from standing
    where expected_on is not null
),

dates as (
    select
        reach.calendar,
        {{ add_days('starts.started_on', 'numbers.number') }} as on_day
    from starts
    inner join numbers on starts.started_on is not null
    inner join reach on numbers.number <= reach.last_number
    group by reach.calendar, {{ add_days('starts.started_on', 'numbers.number') }}
),

-- Day 0 was a Monday: 5 and 6 are the weekend.
counted as (
    select
        dates.calendar,
        dates.on_day,
        business_calendars.counts_weekends,
        {{ days_between("cast('1900-01-01' as date)", 'dates.on_day') }} as days
    from dates
    inner join business_calendars on dates.calendar = business_calendars.calendar
),

closed as (
    select
        holidays.calendar,
        holidays.holiday_on
    from holidays
    inner join business_calendars on holidays.calendar = business_calendars.calendar
    where
        business_calendars.counts_weekends
        or mod({{ days_between("cast('1900-01-01' as date)", 'holidays.holiday_on') }}, 7) < 5
    group by holidays.calendar, holidays.holiday_on
),

numbered as (
    select
        counted.calendar,
        counted.on_day,
        (counted.counts_weekends or mod(counted.days, 7) < 5)
        and max(case when closed.holiday_on = counted.on_day then 1 else 0 end) = 0 as is_open,
        cast(
            case
                when counted.counts_weekends then counted.days
                else {{ whole_share('counted.days', '7') }} * 5 + least(mod(counted.days, 7), 4)
            end - count(closed.holiday_on)
            as integer
        ) as open_number
    from counted
    left join closed on counted.calendar = closed.calendar and counted.on_day >= closed.holiday_on
    group by counted.calendar, counted.on_day, counted.counts_weekends, counted.days
)

select
    calendar,
    on_day,
    is_open,
    open_number,
    min(case when is_open then on_day end) over (
        partition by calendar order by on_day rows between current row and unbounded following
    ) as next_open_on
from numbered
