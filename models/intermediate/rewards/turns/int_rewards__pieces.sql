{{ config(materialized='kept', kept_by='customer_id') }}

with turns as (
    select * from {{ ref('int_rewards__turns') }} {{ only_touched() }}
),

-- After all lots comes a credit that pays what none could: lot number 0.
credits as (
    select
        stretch_id,
        tenant_id,
        customer_id,
        sum(units) as units
    from turns
    where type in ('spent', 'expired')
    group by stretch_id, tenant_id, customer_id
),

pieces as (
    select stretch_id, tenant_id, customer_id, event_number as lot_number, use_rank, expiry_rank, expires_at, units
    from turns
    where is_lot
    union all
    select stretch_id, tenant_id, customer_id, 0 as lot_number, 0 as use_rank, 0 as expiry_rank, {{ end_of_time() }} as expires_at, units
    from credits
)

select
    stretch_id,
    tenant_id,
    customer_id,
    cast(lot_number as bigint) as lot_number,
    cast(use_rank as bigint) as use_rank,
    cast(expiry_rank as bigint) as expiry_rank,
    expires_at,
    cast(units as bigint) as units
from pieces
where units > 0
