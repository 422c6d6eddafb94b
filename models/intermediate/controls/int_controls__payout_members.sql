-- The categories of a payout are what its source's own lines add up to: payouts of one id together, each movement once.
with readings as (
    select * from {{ ref('int_controls__payout_readings') }}
),

payouts as (
    select tenant_id, source, source_account, payout_id, currency
    from {{ ref('payouts') }}
    group by tenant_id, source, source_account, payout_id, currency
),

told as (
    select
        tenant_id,
        source,
        source_account,
        payout_id,
        currency,
        sum(net_minor) as net_minor
    from {{ ref('payout_categories') }}
    where is_counted and reporting_category not in ('payout_fee', 'paid_under_the_same_id')
    group by tenant_id, source, source_account, payout_id, currency
),

compared as (
    select
        readings.tenant_id,
        readings.source || ' ' || readings.source_account as scope,
        readings.currency,
        readings.net_minor = coalesce(told.net_minor, 0) as agrees
    from readings
    inner join payouts
        on
            readings.tenant_id = payouts.tenant_id
            and readings.source = payouts.source
            and readings.source_account = payouts.source_account
            and readings.payout_id = payouts.payout_id
            and readings.currency = payouts.currency
    left join told
        on
            readings.tenant_id = told.tenant_id
            and readings.source = told.source
            and readings.source_account = told.source_account
            and readings.payout_id = told.payout_id
            and readings.currency = told.currency
)

select
    'payout_members' as control,
    tenant_id,
    scope,
    'payouts' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when agrees then 1 else 0 end) as decimal(28, 4)) as found
from compared
group by tenant_id, scope, currency
