-- The roll-forward of the reserves, added over processors and accounts, is the reserve account of the books, month by month; and the last
-- closing of each processor's account is what its own rows withheld and did not give back.
with figures as (
    select tenant_id, currency, period, closing_minor, 0 as booked_minor, withheld_minor, released_minor, applied_minor, opening_minor
    from {{ ref('reserve_balances') }}
    union all
    select
        tenant_id, currency, period, 0 as closing_minor, closing_minor as booked_minor, 0 as withheld_minor, 0 as released_minor,
        0 as applied_minor, 0 as opening_minor
    from {{ ref('int_controls__effective_balances') }}
    where role = 'reserve'
),

months as (
    select
        tenant_id,
        currency,
        period,
        sum(opening_minor) as opening_minor,
        sum(withheld_minor - released_minor - applied_minor) as moved_minor,
        sum(closing_minor) as closing_minor,
        sum(booked_minor) as booked_minor
    from figures
    group by tenant_id, currency, period
),

followed as (
    select
        months.*,
        lag(closing_minor) over (partition by tenant_id, currency order by period) as closed_before_minor
    from months
),

closings as (
    select
        reserve_balances.*,
        row_number() over (
            partition by tenant_id, processor, source, source_account, currency order by period desc
        ) as place
    from {{ ref('reserve_balances') }} as reserve_balances
),

told as (
    select
        transactions.tenant_id, trim(transactions.processor || ' ' || transactions.source_account) as scope, transactions.currency,
        -transactions.amount_minor as expected, 0 as found
    from {{ ref('transactions') }} as transactions
    left join {{ ref('unposted_transactions') }} as unposted on transactions.transaction_id = unposted.transaction_id
    where
        transactions.side = 'processor'
        and transactions.event_type in ('reserve_hold', 'reserve_release', 'reserve_applied')
        and unposted.transaction_id is null
    union all
    select tenant_id, trim(processor || ' ' || source_account) as scope, currency, 0 as expected, closing_minor as found
    from closings
    where place = 1
)

select
    'reserves_tie' as control,
    tenant_id,
    'reserve' as scope,
    'months' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(
        sum(
            case
                when closing_minor = booked_minor and opening_minor + moved_minor = closing_minor
                    and opening_minor = coalesce(closed_before_minor, 0) then 1
                else 0
            end
        ) as decimal(28, 4)
    ) as found
from followed
group by tenant_id, currency
union all
select
    'reserves_tie' as control,
    tenant_id,
    scope,
    'amount' as measure,
    currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from told
group by tenant_id, scope, currency
