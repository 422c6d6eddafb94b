with lots as (
    select * from {{ ref('reward_transactions') }} where is_lot and problem is null
),

unfunded as (
    select * from {{ ref('reward_transactions') }} where unfunded_amount_minor > 0
),

allocations as (
    select * from {{ ref('reward_allocations') }}
),

customers as (
    select * from {{ ref('reward_customers') }}
),

-- What lots brought and what was taken from them, so that the sum of all movements is what is left of the lots.
movements as (
    select tenant_id, customer_id, currency, business_date as moved_on, 'earned' as movement, amount_minor from lots
    union all
    select tenant_id, customer_id, currency, redeemed_on as moved_on, redeemed_by as movement, allocated_minor as amount_minor
    from allocations
    union all
    select
        tenant_id,
        customer_id,
        currency,
        business_date as moved_on,
        'unfunded' as movement,
        case type when 'reversed' then -unfunded_amount_minor else unfunded_amount_minor end as amount_minor
    from unfunded
),

summed as (
    select
        movements.tenant_id,
        movements.currency,
        movements.moved_on,
        customers.company,
        customers.cost_center,
        customers.region,
        customers.customer_group,
        sum(case when movements.movement = 'earned' then movements.amount_minor else 0 end) as earned_minor,
        sum(case when movements.movement = 'spent' then movements.amount_minor else 0 end) as spent_minor,
        sum(case when movements.movement = 'expired' then movements.amount_minor else 0 end) as expired_minor,
        sum(case when movements.movement = 'reversed' then -movements.amount_minor else 0 end) as reversed_minor,
        sum(case when movements.movement = 'unfunded' then movements.amount_minor else 0 end) as unfunded_minor
    from movements
    inner join customers on movements.tenant_id = customers.tenant_id and movements.customer_id = customers.customer_id
    group by
        movements.tenant_id, movements.currency, movements.moved_on,
        customers.company, customers.cost_center, customers.region, customers.customer_group
)

select
    tenant_id,
    currency,
    moved_on,
    company,
    cost_center,
    region,
    customer_group,
    cast(earned_minor as bigint) as earned_minor,
    cast(spent_minor as bigint) as spent_minor,
    cast(expired_minor as bigint) as expired_minor,
    cast(reversed_minor as bigint) as reversed_minor,
    cast(unfunded_minor as bigint) as unfunded_minor
from summed
