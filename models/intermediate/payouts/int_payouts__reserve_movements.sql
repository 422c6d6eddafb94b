with

-- What is not booked (a conflict, a row that is pending) moves no reserve either.
unposted as (
    select * from {{ ref('unposted_transactions') }}
),

movements as (
    select transactions.*
    from {{ ref('transactions') }} as transactions
    left join unposted on transactions.transaction_id = unposted.transaction_id
    where
        transactions.side = 'processor'
        and transactions.event_type in ('reserve_hold', 'reserve_release', 'reserve_applied')
        and unposted.transaction_id is null
),

reserve_movements as (
    select * from {{ ref('reserve_movements') }}
),

kinds as (
    select
        source,
        coalesce(native_type, '(none)') as native_type,
        event_type
    from movements
    group by source, coalesce(native_type, '(none)'), event_type
),

spoken_of as (
    {{ most_exact('kinds', 'reserve_movements', 'movement') }}
)

select
    movements.transaction_id,
    movements.tenant_id,
    movements.processor,
    movements.source,
    movements.source_account,
    movements.currency,
    cast({{ dbt.date_trunc('month', 'movements.business_date') }} as date) as period,
    spoken_of.says as movement,
    -- + fills the reserve
    -movements.amount_minor as reserve_minor
from movements
left join spoken_of
    on movements.source = spoken_of.source
        and coalesce(movements.native_type, '(none)') = spoken_of.native_type
        and movements.event_type = spoken_of.event_type
        and spoken_of.place = 1
