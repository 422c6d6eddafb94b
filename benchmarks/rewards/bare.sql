-- First in, first out in one query over typed rows, with nothing around it: two passes of windows and an equi-join. No reports, no second reading,
-- no conflicts, no rows of several documents, no expiry out of order. Reads bench.typed.
create or replace table bench.bare as
with totals as (
    select
        customer_id,
        trans_id,
        is_lot,
        sum(case when is_lot then amount_minor else 0 end) over history as earned,
        sum(case when is_lot then 0 else -amount_minor end) over history as redeemed,
        sum(case when is_lot then 1 else 0 end) over history as lots,
        sum(case when is_lot then 0 else 1 end) over history as redemptions
    from bench.typed
    window history as (
        partition by customer_id order by created_at, case when is_lot then 0 else 1 end, length(trans_id), trans_id
        rows unbounded preceding
    )
),

ends as (
    select
        *,
        case
            when is_lot then earned
            else redeemed - greatest(max(redeemed - earned) over (
                partition by customer_id order by lots + redemptions rows unbounded preceding
            ), 0)
        end as ends_at
    from totals
),

segments as (
    select
        customer_id,
        ends_at - lag(ends_at, 1, 0) over axis as units,
        sum(case when is_lot then 1 else 0 end) over axis - case when is_lot then 1 else 0 end + 1 as lot_number,
        sum(case when is_lot then 0 else 1 end) over axis - case when is_lot then 0 else 1 end + 1 as redemption_number
    from ends
    window axis as (partition by customer_id order by ends_at, is_lot, lots + redemptions rows unbounded preceding)
)

select
    lots.trans_id as earned_trans_id,
    redemptions.trans_id as redeemed_trans_id,
    cast(segments.units as bigint) as units
from segments
inner join ends as lots
    on segments.customer_id = lots.customer_id and segments.lot_number = lots.lots and lots.is_lot
inner join ends as redemptions
    on segments.customer_id = redemptions.customer_id and segments.redemption_number = redemptions.redemptions and not redemptions.is_lot
where segments.units > 0;
