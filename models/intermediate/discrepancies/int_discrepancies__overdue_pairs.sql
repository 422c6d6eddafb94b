-- Of the late ones those that no weekend or holiday excuses: an open day lies between the day it was due and the day it came; where the
-- calendar counts open days, more of them went by than may. After more than 120 days nothing is looked up: no bank closes for so long.
with late as (
    select * from {{ ref('int_discrepancies__late_pairs') }}
),

business_calendars as (
    select * from {{ ref('business_calendars') }}
),

holidays as (
    select * from {{ ref('holidays') }}
),

numbers as (
    {{ day_offsets(120) }}
),

-- Day 0 was a Monday: 5 and 6 are the weekend.
passed as (
    select
        late.match_id,
        late.calendar,
        numbers.number as days_on,
        {{ add_days('late.counts_from', 'numbers.number') }} as on_day,
        mod({{ days_between("cast('1900-01-01' as date)", add_days('late.counts_from', 'numbers.number')) }}, 7) as weekday
    from late
    inner join numbers on late.days_later >= numbers.number
    where late.days_later <= 120
),

open_days as (
    select
        passed.match_id,
        passed.days_on
    from passed
    inner join business_calendars on passed.calendar = business_calendars.calendar
    left join holidays on passed.calendar = holidays.calendar and passed.on_day = holidays.holiday_on
    where holidays.holiday_on is null and (business_calendars.counts_weekends or passed.weekday < 5)
),

counted as (
    select
        late.match_id,
        sum(case when open_days.days_on > 0 then 1 else 0 end) as open_days_later,
        sum(case when open_days.days_on between late.wait_days and late.days_later - 1 then 1 else 0 end) as open_days_overdue
    from late
    inner join open_days on late.match_id = open_days.match_id
    group by late.match_id
)

select
    late.*
from late
left join counted on late.match_id = counted.match_id
where
    late.days_later > 120
    or (late.in_business_days and counted.open_days_later > late.wait_days)
    or (not late.in_business_days and counted.open_days_overdue > 0)
