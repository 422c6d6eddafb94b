with redemptions as (
    select * from {{ ref('reward_transactions') }} where type in ('spent', 'expired', 'reversed') and problem is null
),

funded as (
    select
        tenant_id,
        currency,
        redeemed_reward_transaction_id,
        sum(abs(allocated_minor)) as allocated_minor
    from {{ ref('reward_allocations') }}
    group by tenant_id, currency, redeemed_reward_transaction_id
),

compared as (
    select
        coalesce(redemptions.tenant_id, funded.tenant_id) as tenant_id,
        coalesce(redemptions.currency, funded.currency) as currency,
        coalesce(
            redemptions.unfunded_amount_minor >= 0
            and coalesce(funded.allocated_minor, 0) = redemptions.allocated_minor
            and redemptions.unmatched_amount_minor >= 0
            and redemptions.allocated_minor + redemptions.unfunded_amount_minor + redemptions.unmatched_amount_minor
            = abs(redemptions.amount_minor),
            false
        ) as is_lawful
    from redemptions
    full outer join funded on redemptions.reward_transaction_id = funded.redeemed_reward_transaction_id
)

select
    'redemptions_add_up' as control,
    tenant_id,
    'rewards' as scope,
    'redemptions' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when is_lawful then 1 else 0 end) as decimal(28, 4)) as found
from compared
group by tenant_id, currency
