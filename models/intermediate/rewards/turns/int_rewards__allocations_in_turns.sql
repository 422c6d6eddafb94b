{{ config(materialized='kept', kept_by='customer_id') }}

with moves as (
    select * from {{ ref('int_rewards__moves') }} {{ only_touched() }}
),

turns as (
    select * from {{ ref('int_rewards__turns') }} {{ only_touched() }}
),

-- What goes back counts below zero. The credit is no lot: what it paid is unfunded, and what it gets back was.
told as (
    select
        moves.moved_by,
        coalesce(moves.undone_number, 0) as undone_place,
        moves.undone_number,
        using_rows.mode,
        using_rows.counts,
        using_rows.tenant_id,
        using_rows.currency,
        using_rows.customer_id,
        lots.event_number as lot_number,
        lots.units as lot_units,
        coalesce(lots.whole_minor, 0) as lot_minor,
        coalesce(undone.whole_minor, using_rows.whole_minor) as redemption_minor,
        case when moves.undone_number is null then moves.units else -moves.units end as units
    from moves
    inner join turns as using_rows on moves.stretch_id = using_rows.stretch_id and moves.moved_by = using_rows.event_number
    left join turns as lots on moves.stretch_id = lots.stretch_id and moves.lot_number = lots.event_number
    left join turns as undone on moves.stretch_id = undone.stretch_id and moves.undone_number = undone.event_number
),

running as (
    select
        *,
        sum(units) over lot as used_so_far,
        row_number() over (
            partition by mode, tenant_id, currency, customer_id, lot_number
            order by moved_by desc, undone_place desc
        ) as place_from_end
    from told
    window lot as (
        partition by mode, tenant_id, currency, customer_id, lot_number
        order by moved_by, undone_place rows unbounded preceding
    )
)

select
    mode,
    tenant_id,
    currency,
    customer_id,
    lot_number,
    moved_by as redemption_number,
    undone_number,
    cast(units as bigint) as units,
    cast(case counts when 'money' then units else sign(units) * least(lot_minor, redemption_minor) end as bigint) as allocated_minor,
    cast(case when units > 0 then 0 when counts = 'money' then -units else redemption_minor end as bigint) as undone_minor,
    units > 0 and used_so_far = lot_units as finishes_lot,
    units > 0 and used_so_far = lot_units and place_from_end = 1 as is_redeem_id
from running
