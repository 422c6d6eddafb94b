-- Between two balances that statements tell without a hole, the booked transactions are what the account moved: a line that is counted
-- twice, or not at all, shows here although every statement ties in itself.
with stretches as (
    select * from {{ ref('int_controls__statement_stretches') }}
),

booked as (
    select
        tenant_id,
        source_account,
        currency,
        business_date,
        sum(amount_minor) as amount_minor
    from {{ ref('transactions') }}
    where side = 'bank' and status = 'settled'
    group by tenant_id, source_account, currency, business_date
),

compared as (
    select
        stretches.tenant_id,
        stretches.source_account,
        stretches.currency,
        stretches.from_day,
        stretches.moved_minor,
        coalesce(sum(booked.amount_minor), 0) as booked_minor
    from stretches
    left join booked
        on
            stretches.tenant_id = booked.tenant_id
            and stretches.source_account = booked.source_account
            and stretches.currency = booked.currency
            and booked.business_date between stretches.from_day and stretches.to_day
    group by
        stretches.tenant_id, stretches.source_account, stretches.currency, stretches.from_day, stretches.moved_minor
)

select
    'bank_moves_as_stated' as control,
    tenant_id,
    'bank' as scope,
    'stretches' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when moved_minor = booked_minor then 1 else 0 end) as decimal(28, 4)) as found
from compared
group by tenant_id, currency
