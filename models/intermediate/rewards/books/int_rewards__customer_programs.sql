{{ config(materialized='kept', kept_by='customer_id') }}

with lots as (
    select
        *,
        coalesce(reason, '') as written_reason,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date) as earned_in
    from {{ ref('reward_transactions') }}
    where type = 'earned' and problem is null {{ only_touched('and') }}
),

reward_allocations as (
    select * from {{ ref('reward_allocations') }} {{ only_touched() }}
),

reversals as (
    select * from {{ ref('reward_transactions') }} where type = 'reversed' {{ only_touched('and') }}
),

-- What puts money back undoes a purchase or an expiry, and counts against it.
uses as (
    select
        reward_allocations.*,
        coalesce(reversals.reversed_type, reward_allocations.redeemed_by) as used_by
    from reward_allocations
    left join reversals on reward_allocations.redeemed_reward_transaction_id = reversals.reward_transaction_id
),

movements as (
    select
        tenant_id,
        customer_id,
        currency,
        written_reason,
        earned_in as period,
        sum(amount_minor) as earned_minor,
        0 as redeemed_minor,
        0 as expired_minor
    from lots
    group by tenant_id, customer_id, currency, written_reason, earned_in
    union all
    select
        lots.tenant_id,
        lots.customer_id,
        lots.currency,
        lots.written_reason,
        cast({{ dbt.date_trunc('month', 'uses.redeemed_on') }} as date) as period,
        0 as earned_minor,
        sum(case when uses.used_by = 'expired' then 0 else uses.allocated_minor end) as redeemed_minor,
        sum(case when uses.used_by = 'expired' then uses.allocated_minor else 0 end) as expired_minor
    from uses
    inner join lots on uses.earned_reward_transaction_id = lots.reward_transaction_id
    group by
        lots.tenant_id, lots.customer_id, lots.currency, lots.written_reason,
        cast({{ dbt.date_trunc('month', 'uses.redeemed_on') }} as date)
)

select
    tenant_id,
    customer_id,
    currency,
    written_reason,
    period,
    cast(sum(earned_minor) as bigint) as earned_minor,
    cast(sum(redeemed_minor) as bigint) as redeemed_minor,
    cast(sum(expired_minor) as bigint) as expired_minor
from movements
group by tenant_id, customer_id, currency, written_reason, period
