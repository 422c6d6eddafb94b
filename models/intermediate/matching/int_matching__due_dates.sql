-- When the counterpart of an open row is due: so many days, or open days, after it was booked or announced, and never on a closed day.
with standing as (
    select * from {{ ref('int_matching__standing') }} where standing = 'open'
),

calendars as (
    select * from {{ ref('settlement_calendars') }}
),

settlement_days as (
    select * from {{ ref('int_matching__settlement_days') }}
),

ranked as (
    select
        standing.reconciliation,
        standing.transaction_id,
        standing.business_date,
        coalesce(standing.expected_on, standing.business_date) as counts_from,
        case when standing.expected_on is null then calendars.due_days else calendars.grace_days end as wait_days,
        calendars.pending_days,
        calendars.calendar,
        calendars.in_business_days,
        row_number() over (
            partition by standing.reconciliation, standing.transaction_id
            order by
                case calendars.processor when '*' then 2 else 1 end,
                case calendars.event_type when '*' then 2 else 1 end
        ) as place
    from standing
    inner join calendars
        on
            standing.reconciliation = calendars.reconciliation
            and standing.side = calendars.side
            and calendars.processor in ('*', standing.processor)
            and calendars.event_type in ('*', standing.event_type)
),

waits as (
    select
        ranked.*,
        {{ add_days('counts_from', 'wait_days') }} as plain_due_on
    from ranked
    where place = 1
),

started as (
    select
        waits.*,
        settlement_days.open_number + waits.wait_days as due_number
    from waits
    left join settlement_days
        on waits.calendar = settlement_days.calendar and waits.counts_from = settlement_days.on_day
)

select
    started.reconciliation,
    started.transaction_id,
    case
        when started.in_business_days and started.wait_days > 0 then numbered.on_day
        when started.in_business_days then first_open.next_open_on
        else plain.next_open_on
    end as expected_by,
    {{ add_days('started.business_date', 'started.pending_days') }} as pending_until
from started
left join settlement_days as plain
    on started.calendar = plain.calendar and started.plain_due_on = plain.on_day
left join settlement_days as first_open
    on started.calendar = first_open.calendar and started.counts_from = first_open.on_day
left join settlement_days as numbered
    on started.calendar = numbered.calendar and started.due_number = numbered.open_number and numbered.is_open
