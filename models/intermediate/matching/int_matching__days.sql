-- Each day's number in the count of a calendar, so that a window of business days is a difference of two numbers.
with transactions as (
    select * from {{ ref('transactions') }}
),

calendars as (
    select * from {{ ref('business_calendars') }}
),

holidays as (
    select * from {{ ref('holidays') }}
),

dates as (
    select
        business_date,
        {{ days_between("cast('1900-01-01' as date)", 'business_date') }} as days
    from transactions
    group by business_date
),

-- Day 0 was a Monday: 5 and 6 are the weekend.
closed as (
    select calendar, holiday_on
    from holidays
    where mod({{ days_between("cast('1900-01-01' as date)", 'holiday_on') }}, 7) < 5
    group by calendar, holiday_on
)

select
    calendars.calendar,
    dates.business_date,
    cast(
        case
            when calendars.counts_weekends then dates.days
            else {{ whole_share('dates.days', '7') }} * 5 + least(mod(dates.days, 7), 4)
        end - count(closed.holiday_on)
        as integer
    ) as day_number
from dates
inner join calendars on dates.days is not null
left join closed on calendars.calendar = closed.calendar and dates.business_date >= closed.holiday_on
group by calendars.calendar, calendars.counts_weekends, dates.business_date, dates.days
