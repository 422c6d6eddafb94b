-- As tests/dbt/rewards/older_lots_are_used_first.sql and preferred_lots_are_used_first.sql; and a redemption lacks money
-- only when every lot before it is used up.
with history as (
    select
        *,
        sum(case when is_lot then amount_minor else 0 end) over customer as earned_so_far,
        sum(case type when 'earned' then amount_minor when 'reversed' then allocated_minor else -allocated_minor end) over customer
            as left_in_lots
    from {{ ref('reward_transactions') }}
    where problem is null
    window customer as (partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding)
),

histories as (
    {{ order_of_histories() }}
),

uses as (
    select
        tenant_id,
        currency,
        customer_id,
        earned_reward_transaction_id,
        redeemed_reward_transaction_id,
        sum(allocated_minor) as allocated_minor
    from {{ ref('reward_allocations') }}
    group by tenant_id, currency, customer_id, earned_reward_transaction_id, redeemed_reward_transaction_id
),

allocations as (
    select
        uses.*,
        lots.event_number as lot_number,
        redemptions.event_number as redemption_number,
        lots.earned_so_far - lots.amount_minor as older_lots_minor,
        coalesce(histories.has_other_order, true) as has_other_order,
        coalesce(
            lots.is_lot
            and not redemptions.is_lot
            and lots.customer_id = redemptions.customer_id
            and lots.currency = redemptions.currency
            and lots.tenant_id = redemptions.tenant_id
            and lots.event_number < redemptions.event_number
            and lots.created_at <= redemptions.created_at
            and (uses.allocated_minor > 0) = (redemptions.type != 'reversed'),
            false
        ) as is_possible
    from uses
    left join history as lots on uses.earned_reward_transaction_id = lots.reward_transaction_id
    left join history as redemptions on uses.redeemed_reward_transaction_id = redemptions.reward_transaction_id
    left join histories
        on
            uses.tenant_id = histories.tenant_id
            and uses.currency = histories.currency
            and uses.customer_id = histories.customer_id
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

judged_uses as (
    {{ uses_judged('history', 'histories', 'uses') }}
),

judged as (
    select
        tenant_id,
        'allocations' as scope,
        currency,
        is_possible and (has_other_order or taken_from_others_minor = older_lots_minor) as is_lawful
    from taken
    union all
    select tenant_id, 'allocations in another order' as scope, currency, is_lawful
    from judged_uses
    union all
    select tenant_id, 'unfunded redemptions' as scope, currency, left_in_lots = 0 as is_lawful
    from history
    where type in ('spent', 'expired') and unfunded_amount_minor > 0 and {{ reward_method() }} != 'one_to_one'
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
