{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

readings as (
    select * from {{ ref('int_rewards__readings') }}
),

histories_in_turns as (
    select * from {{ ref('int_rewards__histories_in_turns') }} {{ only_touched() }}
),

reversals as (
    select * from {{ ref('int_rewards__reversals') }} {{ only_touched() }}
),

undoable as (
    select * from {{ ref('int_rewards__undoable') }} {{ only_touched() }}
),

units as (
    select
        events.tenant_id,
        events.currency,
        events.customer_id,
        events.trans_id,
        events.type,
        events.is_lot,
        events.event_number,
        events.amount_minor,
        events.created_at,
        coalesce(events.expires_at, {{ end_of_time() }}) as expires_at,
        histories_in_turns.mode,
        histories_in_turns.has_reversals,
        readings.counts,
        readings.lot_order,
        readings.expired_rows = 'by_date' and events.type = 'expired' as goes_by_date,
        case when events.type = 'spent' then events.order_id end as holder_order_id,
        undoable.event_number is not null as is_undoable,
        reversals.named_order_id,
        case when reversals.named_order_id is null then reversals.named_number end as named_number,
        case readings.counts when 'money' then abs(events.amount_minor) else 1 end as units
    from events
    inner join histories_in_turns on {{ same_history('events', 'histories_in_turns') }}
    inner join readings on histories_in_turns.mode = readings.mode
    left join reversals on {{ same_event('events', 'reversals') }}
    left join undoable on {{ same_event('events', 'undoable') }}
),

balances as (
    select
        *,
        cast(sum(case when is_lot then units else -units end) over (
            partition by mode, tenant_id, currency, customer_id order by event_number rows unbounded preceding
        ) as bigint) as balance
    from units
),

-- What lies under the lowest balance so far was never paid by anything. Where nothing is left a new stretch begins, which
-- asks nothing of the one before; a reversal would.
emptied as (
    select
        *,
        not is_lot and not has_reversals and balance <= least(0, min(balance) over (
            partition by mode, tenant_id, currency, customer_id order by event_number rows unbounded preceding
        )) as is_emptied
    from balances
)

select
    *,
    cast(coalesce(sum(case when is_emptied then 1 else 0 end) over (
        partition by mode, tenant_id, currency, customer_id order by event_number
        rows between unbounded preceding and 1 preceding
    ), 0) as bigint) as stretch_number
from emptied
