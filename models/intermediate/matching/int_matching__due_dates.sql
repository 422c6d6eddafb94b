-- When the counterpart of an open row is due: so many days, or open days, after it was booked or announced, and never on a closed day.
with standing as (
    select
        reconciliation,
        transaction_id,
        side,
        processor,
        event_type,
        business_date,
        coalesce(expected_on, business_date) as counts_from,
        expected_on is not null as is_announced
    from {{ ref('int_matching__standing') }}
    where standing = 'open'
),

{{ settlement_waits('standing', ['reconciliation', 'transaction_id']) }},

settlement_days as (
    select * from {{ ref('int_matching__settlement_days') }}
),

started as (
    select
        waits.*,
        {{ add_days('waits.counts_from', 'waits.wait_days') }} as plain_due_on,
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
