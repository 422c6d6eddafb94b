with lots as (
    select * from {{ ref('reward_transactions') }} where is_lot and problem is null
),

used as (
    select
        tenant_id,
        currency,
        earned_reward_transaction_id,
        sum(allocated_minor) as allocated_minor
    from {{ ref('reward_allocations') }}
    group by tenant_id, currency, earned_reward_transaction_id
),

compared as (
    select
        coalesce(lots.tenant_id, used.tenant_id) as tenant_id,
        coalesce(lots.currency, used.currency) as currency,
        coalesce(
            coalesce(used.allocated_minor, 0) <= lots.amount_minor
            and coalesce(used.allocated_minor, 0) = lots.allocated_minor
            and lots.open_amount_minor = lots.amount_minor - lots.allocated_minor,
            false
        ) as is_lawful
    from lots
    full outer join used on lots.reward_transaction_id = used.earned_reward_transaction_id
)

select
    'lots_not_overused' as control,
    tenant_id,
    'rewards' as scope,
    'lots' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when is_lawful then 1 else 0 end) as decimal(28, 4)) as found
from compared
group by tenant_id, currency
