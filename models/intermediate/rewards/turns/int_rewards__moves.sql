{{ config(materialized='kept', kept_by='customer_id') }}

-- What is left of each lot, and which redemption holds the rest, carried from turn to turn through all stretches at once.
with recursive steps as (
    select * from {{ ref('int_rewards__turns') }} where not is_lot {{ only_touched('and') }}
),

pieces as (
    select
        stretch_id,
        cast(0 as bigint) as turn,
        lot_number,
        use_rank,
        expiry_rank,
        expires_at,
        units,
        cast(null as bigint) as holder_number,
        cast(null as {{ dbt.type_string() }}) as holder_order_id,
        cast(null as bigint) as holder_minor,
        cast(null as bigint) as place,
        cast(null as bigint) as moved_by,
        cast(null as bigint) as undone_number,
        true as is_live
    from {{ ref('int_rewards__pieces') }} {{ only_touched() }}
    union all
    (
        with offers as (
            select
                pieces.*,
                steps.event_number,
                steps.type = 'reversed' as is_back,
                steps.units as wanted,
                steps.whole_minor,
                steps.holder_order_id as order_id,
                steps.goes_by_date,
                steps.goes_by_date and pieces.expires_at <= steps.created_at as is_due,
                steps.is_undoable,
                case
                    when steps.type != 'reversed' and pieces.holder_number is null and pieces.lot_number < steps.event_number
                        then pieces.units
                    when (pieces.holder_number = steps.named_number or pieces.holder_order_id = steps.named_order_id)
                        and (steps.counts = 'money' or pieces.holder_minor <= steps.whole_minor) then pieces.units
                    else 0
                end as offered
            from pieces
            inner join steps on pieces.stretch_id = steps.stretch_id and pieces.turn + 1 = steps.turn
            where pieces.is_live
        ),

        queued as (
            select
                *,
                coalesce(cast(sum(offered) over (
                    partition by stretch_id
                    order by
                        case when is_back then -holder_number when lot_number = 0 then 2 when is_due then 0 else 1 end nulls last,
                        case when is_back then -place when is_due then expiry_rank when goes_by_date then lot_number else use_rank end
                        nulls last,
                        lot_number, units
                    rows between unbounded preceding and 1 preceding
                ) as bigint), 0) as offered_before
            from offers
        ),

        taken as (
            select *, greatest(0, least(offered, wanted - offered_before)) as moved from queued
        ),

        halved as (
            select *, true as is_moved, moved as part from taken
            union all
            select *, false as is_moved, units - moved as part from taken
        )

        select
            stretch_id,
            turn + 1 as turn,
            lot_number,
            use_rank,
            expiry_rank,
            expires_at,
            part as units,
            case when not is_moved then holder_number when not is_back then event_number end as holder_number,
            case when not is_moved then holder_order_id when not is_back then order_id end as holder_order_id,
            case when not is_moved then holder_minor when not is_back then whole_minor end as holder_minor,
            case when not is_moved then place when not is_back then offered_before end as place,
            case when is_moved then event_number end as moved_by,
            case when is_moved and is_back then holder_number end as undone_number,
            not is_moved or is_back or is_undoable as is_live
        from halved
        where part > 0
    )
)

select
    steps.tenant_id, steps.customer_id, pieces.stretch_id, pieces.lot_number, pieces.moved_by, pieces.undone_number,
    cast(sum(pieces.units) as bigint) as units
from pieces
inner join steps on pieces.stretch_id = steps.stretch_id and pieces.moved_by = steps.event_number
group by steps.tenant_id, steps.customer_id, pieces.stretch_id, pieces.lot_number, pieces.moved_by, pieces.undone_number
