with standing as (
    select * from {{ ref('int_matching__standing') }}
),

duplicates as (
    select * from {{ ref('int_matching__duplicates') }}
),

conflict_counterparts as (
    select * from {{ ref('int_matching__conflict_counterparts') }}
),

other_currency as (
    select * from {{ ref('int_matching__other_currency') }}
),

due_dates as (
    select * from {{ ref('int_matching__due_dates') }}
),

decided_by_hand as (
    select * from {{ ref('int_matching__decided_by_hand') }} where verdict != 'matched'
),

facts as (
    select
        standing.*,
        case when standing.status = 'pending' then due_dates.pending_until else due_dates.expected_by end as due_by,
        coalesce(
            duplicates.first_transaction_id,
            conflict_counterparts.first_transaction_id,
            other_currency.other_transaction_id,
            standing.return_transaction_id
        ) as related_transaction_id,
        case
            when duplicates.transaction_id is not null then 0
            when conflict_counterparts.transaction_id is not null then conflict_counterparts.rivals
            when other_currency.transaction_id is not null then 1
            else 0
        end as known_rivals,
        decided_by_hand.decided_by,
        decided_by_hand.reason as decided_because,
        case
            when standing.standing != 'open' then standing.standing
            when duplicates.transaction_id is not null then 'duplicate'
            when conflict_counterparts.transaction_id is not null then 'conflict_opposite'
            when other_currency.transaction_id is not null then 'other_currency'
            else 'waiting'
        end as first_reason
    from standing
    left join duplicates
        on standing.reconciliation = duplicates.reconciliation and standing.transaction_id = duplicates.transaction_id
    left join conflict_counterparts
        on
            standing.reconciliation = conflict_counterparts.reconciliation
            and standing.transaction_id = conflict_counterparts.transaction_id
    left join other_currency
        on
            standing.reconciliation = other_currency.reconciliation
            and standing.transaction_id = other_currency.transaction_id
    left join due_dates
        on standing.reconciliation = due_dates.reconciliation and standing.transaction_id = due_dates.transaction_id
    left join decided_by_hand
        on
            standing.reconciliation = decided_by_hand.reconciliation
            and standing.transaction_id = decided_by_hand.transaction_id
),

waiting as (
    select
        facts.*,
        case when first_reason = 'waiting' then due_by end as expected_by
    from facts
),

reasons as (
    select
        waiting.*,
        case
            when first_reason != 'waiting' then first_reason
            when cast({{ as_of() }} as date) <= expected_by and status = 'pending' then 'pending'
            when cast({{ as_of() }} as date) <= expected_by then 'not_due'
            when decided_by is not null then 'taken_apart'
            else 'no_counterpart'
        end as reason_code
    from waiting
)

select
    reasons.*,
    case
        when reason_code in ('pending', 'not_due') then 'expected'
        when reason_code in ('rivals', 'conflict_opposite', 'other_currency') then 'ambiguous'
        when reason_code in ('no_counterpart', 'taken_apart') then 'missing'
        else 'excluded'
    end as state
from reasons
