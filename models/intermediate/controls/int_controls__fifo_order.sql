-- Taken from other lots before: exactly what older lots had brought (see tests/dbt/rewards/older_lots_are_used_first.sql).
-- And a redemption lacks money only when every lot before it is used up.
with history as (
    select
        *,
        sum(case when is_lot then amount_minor else 0 end) over customer as earned_so_far,
        sum(case when is_lot then amount_minor else -allocated_minor end) over customer as left_in_lots
    from {{ ref('reward_transactions') }}
    where problem is null
    window customer as (partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding)
),

allocations as (
    select
        allocations.tenant_id,
        allocations.currency,
        allocations.customer_id,
        allocations.earned_reward_transaction_id,
        allocations.allocated_minor,
        lots.event_number as lot_number,
        redemptions.event_number as redemption_number,
        lots.earned_so_far - lots.amount_minor as older_lots_minor,
        coalesce(
            lots.is_lot
            and not redemptions.is_lot
            and lots.customer_id = redemptions.customer_id
            and lots.currency = redemptions.currency
            and lots.tenant_id = redemptions.tenant_id
            and lots.event_number < redemptions.event_number
            and lots.created_at <= redemptions.created_at
            and allocations.allocated_minor > 0,
            false
        ) as is_possible
    from {{ ref('reward_allocations') }} as allocations
    left join history as lots on allocations.earned_reward_transaction_id = lots.reward_transaction_id
    left join history as redemptions on allocations.redeemed_reward_transaction_id = redemptions.reward_transaction_id
),

taken as (
    select
        *,
        sum(allocated_minor) over (
            partition by tenant_id, currency, customer_id
            order by redemption_number, lot_number rows unbounded preceding
        ) - sum(allocated_minor) over (
            partition by earned_reward_transaction_id order by redemption_number rows unbounded preceding
        ) as taken_from_others_minor
    from allocations
),

judged as (
    select
        tenant_id,
        'allocations' as scope,
        currency,
        is_possible and taken_from_others_minor = older_lots_minor as is_lawful
    from taken
    union all
    select
        tenant_id,
        'unfunded redemptions' as scope,
        currency,
        left_in_lots = 0 as is_lawful
    from history
    where not is_lot and unfunded_amount_minor > 0
)

select
    'fifo_order' as control,
    tenant_id,
    scope,
    'rows' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when is_lawful then 1 else 0 end) as decimal(28, 4)) as found
from judged
group by tenant_id, scope, currency
