with reported as (
    select tenant_id, 'balance changes' as scope, currency, amount_minor, fee_minor, reported_net_minor
    from {{ ref('stg_stripe__balance_changes') }}
    union all
    select tenant_id, 'payouts' as scope, currency, amount_minor, fee_minor, reported_net_minor
    from {{ ref('stg_stripe__payouts') }}
    union all
    select tenant_id, 'interface objects' as scope, currency, amount_minor, fee_minor, reported_net_minor
    from {{ ref('stg_stripe__api_balance_transactions') }}
)

select
    'stripe_net' as control,
    tenant_id,
    scope,
    'rows' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when reported_net_minor = amount_minor - fee_minor then 1 else 0 end) as decimal(28, 4)) as found
from reported
group by tenant_id, scope, currency
