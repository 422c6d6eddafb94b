with transactions as (
    select * from {{ ref('transactions') }}
),

rewards as (
    select * from {{ ref('int_ledger__reward_postables') }}
),

clearing as (
    select * from {{ ref('int_ledger__clearing_postables') }}
),

money_events as (
    {{ money_events('transactions') | indent }}
),

own_events as (
    select
        transaction_id,
        tenant_id,
        party,
        source,
        event_type,
        status,
        problem,
        currency,
        gross_minor,
        0 as fee_minor,
        0 as fee_tax_minor,
        gross_minor as net_minor,
        0 as allocated_minor,
        0 as unfunded_minor,
        posted_on
    from clearing
),

postables as (
    select * from money_events
    union all
    select * from rewards
    union all
    select * from own_events
)

select
    transaction_id,
    tenant_id,
    party,
    source,
    event_type,
    status,
    {{ posting_condition() | indent }} as condition,
    currency,
    cast(gross_minor as bigint) as gross_minor,
    cast(fee_minor as bigint) as fee_minor,
    cast(fee_tax_minor as bigint) as fee_tax_minor,
    cast(net_minor as bigint) as net_minor,
    cast(allocated_minor as bigint) as allocated_minor,
    cast(unfunded_minor as bigint) as unfunded_minor,
    posted_on
from postables
