-- Earned less allocated is what is left of the lots, which is what the books owe and what the customers' balances say.
with reward_transactions as (
    select * from {{ ref('reward_transactions') }} where problem is null
),

earned_less_allocated as (
    select tenant_id, currency, amount_minor from reward_transactions where is_lot
    union all
    select tenant_id, currency, -allocated_minor as amount_minor from {{ ref('reward_allocations') }}
),

figures as (
    select tenant_id, 'open lots' as scope, currency, amount_minor as expected, 0 as found from earned_less_allocated
    union all
    select tenant_id, 'open lots' as scope, currency, 0 as expected, open_amount_minor as found from reward_transactions
    union all
    select tenant_id, 'account of the books' as scope, currency, amount_minor as expected, 0 as found from earned_less_allocated
    union all
    select tenant_id, 'account of the books' as scope, currency, 0 as expected, -closing_minor as found
    from {{ ref('int_controls__closing_balances') }}
    where role = 'rewards'
    union all
    select tenant_id, 'current balances' as scope, currency, amount_minor as expected, 0 as found from earned_less_allocated
    union all
    select tenant_id, 'current balances' as scope, currency, 0 as expected, open_lots_minor as found
    from {{ ref('reward_current_balances') }}
)

select
    'rewards_liability' as control,
    tenant_id,
    scope,
    'amount' as measure,
    currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, currency
