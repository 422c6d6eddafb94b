{{ config(materialized='kept', kept_by='customer_id') }}

with funding as (
    select * from {{ ref('int_rewards__funding') }} {{ only_touched(numbered=true) }}
),

lots as (
    select * from funding where is_lot
),

redemptions as (
    select * from funding where not is_lot
),

-- Between two ends one lot meets one redemption; how many of each ended before says which. Of equal ends the first closes the stretch.
segments as (
    select
        mode,
        tenant_id,
        currency,
        customer_id,
        ends_at_unit - lag(ends_at_unit, 1, 0) over axis as units,
        sum(case when is_lot then 1 else 0 end) over so_far - case when is_lot then 1 else 0 end + 1 as lot_number,
        sum(case when is_lot then 0 else 1 end) over so_far - case when is_lot then 0 else 1 end + 1 as redemption_number
    from funding
    window
        axis as (partition by mode, tenant_id, currency, customer_id order by ends_at_unit, is_lot, queue_number),
        so_far as (
            partition by mode, tenant_id, currency, customer_id order by ends_at_unit, is_lot, queue_number rows unbounded preceding
        )
),

on_one_axis as (
    select
        segments.mode,
        segments.tenant_id,
        segments.currency,
        segments.customer_id,
        lots.reward_transaction_id as earned_reward_transaction_id,
        lots.trans_id as earned_trans_id,
        redemptions.reward_transaction_id as redeemed_reward_transaction_id,
        redemptions.trans_id as redeemed_trans_id,
        cast(null as {{ dbt.type_string() }}) as undone_reward_transaction_id,
        cast(null as {{ dbt.type_string() }}) as undone_trans_id,
        cast(segments.units as bigint) as units,
        cast(case lots.counts when 'money' then segments.units else least(lots.whole_minor, redemptions.whole_minor) end as bigint)
            as allocated_minor,
        cast(0 as bigint) as undone_minor,
        lots.ends_at_unit <= redemptions.ends_at_unit as finishes_lot,
        lots.ends_at_unit <= redemptions.ends_at_unit as is_redeem_id
    from segments
    inner join lots
        on
            segments.mode = lots.mode
            and segments.tenant_id = lots.tenant_id
            and segments.currency = lots.currency
            and segments.customer_id = lots.customer_id
            and segments.lot_number = lots.queue_number
    inner join redemptions
        on
            segments.mode = redemptions.mode
            and segments.tenant_id = redemptions.tenant_id
            and segments.currency = redemptions.currency
            and segments.customer_id = redemptions.customer_id
            and segments.redemption_number = redemptions.queue_number
    where segments.units > 0
),

on_both_ways as (
    select * from on_one_axis
    union all
    select * from {{ ref('int_rewards__allocations_in_turns') }} where earned_reward_transaction_id is not null {{ only_touched('and') }}
)

select
    *,
    {{ touched_in() }}
from on_both_ways
