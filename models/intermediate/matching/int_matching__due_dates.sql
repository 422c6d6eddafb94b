with standing as (
    select * from {{ ref('int_matching__standing') }} where standing = 'open'
),

calendars as (
    select * from {{ ref('settlement_calendars') }}
),

ranked as (
    select
        standing.reconciliation,
        standing.transaction_id,
        standing.business_date,
        standing.expected_on,
        calendars.due_days,
        calendars.grace_days,
        calendars.pending_days,
        calendars.rolls_over_weekend,
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

due as (
    select
        ranked.*,
        case
            when expected_on is null then {{ add_days('business_date', 'due_days') }}
            else {{ add_days('expected_on', 'grace_days') }}
        end as due_on
    from ranked
    where place = 1
),

-- Days since a Monday: 5 is Saturday, 6 is Sunday.
weekdays as (
    select
        due.*,
        mod({{ days_between("cast('1900-01-01' as date)", 'due_on') }}, 7) as weekday
    from due
)

select
    reconciliation,
    transaction_id,
    case
        when rolls_over_weekend and weekday >= 5 then {{ add_days('due_on', '7 - weekday') }}
        else due_on
    end as expected_by,
    {{ add_days('business_date', 'pending_days') }} as pending_until
from weekdays
