{{ config(materialized='kept', kept_by='customer_id') }}

with readings as (
    select * from {{ ref('int_rewards__readings') }} where is_books
),

moves as (
    select * from {{ ref('int_rewards__allocations_in_turns') }} where undone_number is not null {{ only_touched('and') }}
),

undone as (
    select
        moves.*,
        case when moves.lot_number is null then 0 else -moves.allocated_minor end as back_in_lots_minor
    from moves
    inner join readings on moves.mode = readings.mode
),

-- What a reversal undid, seen from both ends. What no lot gets back of it, none had paid.
both_ends as (
    select tenant_id, currency, customer_id, redemption_number as event_number, undone_minor, back_in_lots_minor
    from undone
    union all
    select tenant_id, currency, customer_id, undone_number as event_number, undone_minor, back_in_lots_minor
    from undone
)

select
    tenant_id,
    currency,
    customer_id,
    event_number,
    cast(sum(undone_minor) as bigint) as undone_minor,
    cast(sum(undone_minor - back_in_lots_minor) as bigint) as undone_unfunded_minor
from both_ends
group by tenant_id, currency, customer_id, event_number
