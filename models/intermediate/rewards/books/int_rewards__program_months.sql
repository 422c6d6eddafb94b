with lots as (
    select
        *,
        coalesce(reason, '') as written_reason,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date) as earned_in
    from {{ ref('reward_transactions') }}
    where type = 'earned' and problem is null
),

reward_allocations as (
    select * from {{ ref('reward_allocations') }}
),

reversals as (
    select * from {{ ref('reward_transactions') }} where type = 'reversed'
),

reasons as (
    select * from {{ ref('int_rewards__reasons') }}
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
        currency,
        written_reason,
        earned_in as period,
        sum(amount_minor) as earned_minor,
        0 as redeemed_minor,
        0 as expired_minor
    from lots
    group by tenant_id, currency, written_reason, earned_in
    union all
    select
        lots.tenant_id,
        lots.currency,
        lots.written_reason,
        cast({{ dbt.date_trunc('month', 'uses.redeemed_on') }} as date) as period,
        0 as earned_minor,
        sum(case when uses.used_by = 'expired' then 0 else uses.allocated_minor end) as redeemed_minor,
        sum(case when uses.used_by = 'expired' then uses.allocated_minor else 0 end) as expired_minor
    from uses
    inner join lots on uses.earned_reward_transaction_id = lots.reward_transaction_id
    group by lots.tenant_id, lots.currency, lots.written_reason, cast({{ dbt.date_trunc('month', 'uses.redeemed_on') }} as date)
)

-- Summed by reason first: a reason finds its program once a month, and not once a lot.
select
    movements.tenant_id,
    reasons.program_id,
    movements.currency,
    movements.period,
    cast(sum(movements.earned_minor) as bigint) as earned_minor,
    cast(sum(movements.redeemed_minor) as bigint) as redeemed_minor,
    cast(sum(movements.expired_minor) as bigint) as expired_minor
from movements
inner join reasons on movements.written_reason = reasons.reason
group by movements.tenant_id, reasons.program_id, movements.currency, movements.period
