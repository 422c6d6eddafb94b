{{ config(materialized='view') }}

with lots as (
    select * from {{ ref('reward_transactions') }} where is_lot and problem is null
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- One row, one redemption: a lot with a redemption is gone, whatever the amounts; a lot without one stays a liability.
both_modes as (
    select
        *,
        case when redeem_id_one_to_one is null then 0 else amount_minor end as allocated_one_to_one_minor,
        case when redeem_id_one_to_one is null then amount_minor else 0 end as open_one_to_one_minor
    from lots
)

select
    both_modes.reward_transaction_id,
    both_modes.tenant_id,
    both_modes.trans_id,
    both_modes.customer_id,
    both_modes.redeem_id,
    both_modes.redeem_id_one_to_one,
    both_modes.currency,
    both_modes.amount_minor,
    both_modes.amount,
    both_modes.allocated_minor,
    both_modes.allocated,
    cast(both_modes.allocated_one_to_one_minor as bigint) as allocated_one_to_one_minor,
    {{ major_units('both_modes.allocated_one_to_one_minor', 'currencies.exponent') }} as allocated_one_to_one,
    both_modes.open_amount_minor,
    both_modes.open_amount,
    cast(both_modes.open_one_to_one_minor as bigint) as open_one_to_one_minor,
    {{ major_units('both_modes.open_one_to_one_minor', 'currencies.exponent') }} as open_one_to_one,
    both_modes.created_at
from both_modes
inner join currencies on both_modes.currency = currencies.currency
where
    both_modes.redeem_id is distinct from both_modes.redeem_id_one_to_one
    or both_modes.open_amount_minor != both_modes.open_one_to_one_minor
