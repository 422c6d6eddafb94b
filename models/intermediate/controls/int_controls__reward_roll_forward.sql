-- The roll-forward ends at what customers hold, each of its months at account 2100, and what programs do not carry at account 2110.
with roll_forward as (
    select * from {{ ref('reward_roll_forward') }}
),

latest as (
    select
        *,
        row_number() over (partition by tenant_id, currency order by period desc) as place
    from roll_forward
),

account_months as (
    select * from {{ ref('int_controls__effective_balances') }} where role = 'rewards'
),

months as (
    select
        roll_forward.tenant_id,
        case when roll_forward.closing_minor = -account_months.closing_minor then 1 else 0 end as is_equal
    from roll_forward
    inner join account_months
        on
            roll_forward.tenant_id = account_months.tenant_id
            and roll_forward.currency = account_months.currency
            and roll_forward.period = account_months.period
),

figures as (
    select tenant_id, 'open lots' as scope, 'amount' as measure, currency, closing_minor as expected, 0 as found
    from latest
    where place = 1
    union all
    select tenant_id, 'open lots' as scope, 'amount' as measure, currency, 0 as expected, open_lots_minor as found
    from {{ ref('reward_current_balances') }}
    union all
    select
        tenant_id, 'account 2100, month by month' as scope, 'rows' as measure, cast(null as {{ dbt.type_string() }}) as currency,
        1 as expected, is_equal as found
    from months
    union all
    select tenant_id, 'account 2110' as scope, 'amount' as measure, currency, change_minor as expected, 0 as found
    from {{ ref('reward_valuations') }}
    where is_posted
    union all
    select tenant_id, 'account 2110' as scope, 'amount' as measure, currency, 0 as expected, closing_minor as found
    from {{ ref('int_controls__closing_balances') }}
    where role = 'rewards_valuation'
)

select
    'reward_roll_forward' as control,
    tenant_id,
    scope,
    measure,
    currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, measure, currency
