with priced_lots as (
    select * from {{ ref('int_rewards__priced_lots') }}
),

reward_allocations as (
    select * from {{ ref('reward_allocations') }}
),

reversals as (
    select * from {{ ref('reward_transactions') }} where type = 'reversed'
),

program_estimates as (
    select * from {{ ref('int_rewards__program_estimates') }}
),

granted as (
    select
        tenant_id,
        program_id,
        currency,
        earned_in,
        sum(sales_minor) as sales_minor,
        sum(deferred_minor) as deferred_minor,
        sum(amount_minor) as granted_minor
    from priced_lots
    group by tenant_id, program_id, currency, earned_in
),

uses as (
    select
        priced_lots.tenant_id,
        priced_lots.program_id,
        priced_lots.currency,
        priced_lots.earned_in,
        cast({{ dbt.date_trunc('month', 'reward_allocations.redeemed_on') }} as date) as period,
        coalesce(reversals.reversed_type, reward_allocations.redeemed_by) as used_by,
        reward_allocations.allocated_minor
    from reward_allocations
    inner join priced_lots on reward_allocations.earned_reward_transaction_id = priced_lots.reward_transaction_id
    left join reversals on reward_allocations.redeemed_reward_transaction_id = reversals.reward_transaction_id
),

used as (
    select
        tenant_id,
        program_id,
        currency,
        earned_in,
        period,
        sum(case when used_by = 'expired' then 0 else allocated_minor end) as redeemed_minor,
        sum(case when used_by = 'expired' then allocated_minor else 0 end) as expired_minor
    from uses
    group by tenant_id, program_id, currency, earned_in, period
),

-- A month's grants stay in view until the tenant's last month.
months as (
    select
        granted.*,
        program_estimates.period,
        program_estimates.expected_redemption_bps,
        coalesce(used.redeemed_minor, 0) as redeemed_minor,
        coalesce(used.expired_minor, 0) as expired_minor
    from granted
    inner join program_estimates
        on
            granted.tenant_id = program_estimates.tenant_id
            and granted.program_id = program_estimates.program_id
            and granted.earned_in <= program_estimates.period
    left join used
        on
            granted.tenant_id = used.tenant_id
            and granted.program_id = used.program_id
            and granted.currency = used.currency
            and granted.earned_in = used.earned_in
            and program_estimates.period = used.period
)

select
    tenant_id,
    program_id,
    currency,
    earned_in,
    period,
    cast(expected_redemption_bps as integer) as expected_redemption_bps,
    cast(sales_minor as bigint) as sales_minor,
    cast(deferred_minor as bigint) as deferred_minor,
    cast(granted_minor as bigint) as granted_minor,
    cast(sum(redeemed_minor) over history as bigint) as redeemed_to_date_minor,
    cast(sum(expired_minor) over history as bigint) as expired_to_date_minor
from months
window history as (partition by tenant_id, program_id, currency, earned_in order by period rows unbounded preceding)
