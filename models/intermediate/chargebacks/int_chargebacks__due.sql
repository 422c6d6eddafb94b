-- The last day for an answer where the source names none: so many days after the stage began, by network and stage. Open days are counted
-- where the seed says so; else a day on which the calendar is closed becomes the open day before it, since nobody answers on it.
with

current_stages as (
    select * from {{ ref('int_chargebacks__current') }} where outcome = 'open'
),

facts as (
    select chargeback_id, coalesce(network, '(none)') as network from {{ ref('int_chargebacks__facts') }}
),

deadlines as (
    select * from {{ ref('chargeback_deadlines') }}
),

calendars as (
    select * from {{ ref('business_calendars') }}
),

holidays as (
    select * from {{ ref('holidays') }} where holiday_on is not null
),

numbers as (
    {{ day_offsets(199) }}
),

ruled as (
    select
        current_stages.chargeback_id,
        cast(current_stages.stage_since as date) as started_on,
        deadlines.due_days,
        deadlines.in_business_days,
        deadlines.calendar,
        row_number() over (
            partition by current_stages.chargeback_id order by case when deadlines.network = '*' then 2 else 1 end
        ) as place
    from current_stages
    inner join facts on current_stages.chargeback_id = facts.chargeback_id
    inner join deadlines on current_stages.stage = deadlines.stage and deadlines.network in (facts.network, '*')
),

days as (
    select
        ruled.chargeback_id,
        ruled.due_days,
        ruled.in_business_days,
        numbers.number,
        {{ add_days('ruled.started_on', 'numbers.number') }} as on_day,
        calendars.counts_weekends,
        ruled.calendar
    from ruled
    inner join calendars on ruled.calendar = calendars.calendar
    inner join numbers on numbers.number <= 2 * ruled.due_days + 31
    where ruled.place = 1
),

open_days as (
    select
        days.*,
        row_number() over (
            partition by days.chargeback_id, case when days.number > 0 then 1 else 2 end order by days.number
        ) as open_number
    from days
    left join holidays on days.calendar = holidays.calendar and days.on_day = holidays.holiday_on
    where
        holidays.calendar is null
        -- day 0 was a Monday: 5 and 6 are the weekend
        and (days.counts_weekends or mod({{ days_between("cast('1900-01-01' as date)", 'days.on_day') }}, 7) < 5)
),

candidates as (
    select
        chargeback_id,
        case
            when in_business_days and number > 0 and open_number = due_days then on_day
            when not in_business_days and number <= due_days then on_day
        end as respond_by
    from open_days
)

select
    chargeback_id,
    max(respond_by) as respond_by
from candidates
group by chargeback_id
