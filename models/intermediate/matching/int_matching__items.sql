with transactions as (
    select * from {{ ref('transactions') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

event_types as (
    select * from {{ ref('reconciliation_event_types') }}
),

roles as (
    select
        reconciliation,
        'left' as role,
        1 as left_one,
        left_side as side,
        left_sign as sign_factor,
        false as needs_processor,
        nets_returns
    from reconciliations
    union all
    select
        reconciliation,
        'right' as role,
        0 as left_one,
        right_side as side,
        right_sign as sign_factor,
        right_needs_processor as needs_processor,
        false as nets_returns
    from reconciliations
)

select
    -- keys
    roles.reconciliation,
    roles.role,
    roles.left_one,
    transactions.transaction_id,
    transactions.tenant_id,
    transactions.side,
    transactions.source,
    transactions.source_account,
    transactions.processor,
    transactions.native_id,
    transactions.event_type,
    event_types.event_class,
    event_types.one_per_id,
    transactions.processor_reference,
    transactions.reference,
    transactions.order_id,
    transactions.trace_reference,
    transactions.payout_id,
    transactions.authorization_code,

    -- money, as the other side would sign it
    cast(transactions.amount_minor * roles.sign_factor as bigint) as amount_minor,
    cast(sign(transactions.amount_minor * roles.sign_factor) as integer) as direction,
    transactions.currency,

    -- time
    transactions.occurred_at,
    transactions.business_date,
    transactions.expected_on,

    -- state
    transactions.status,
    case when transactions.status in ('failed', 'canceled') then 1 else 0 end as dead_rank,
    roles.nets_returns,
    case
        when transactions.has_conflict then 'key_conflict'
        when event_types.treatment = 'exclude' then 'unknown_event_type'
    end as exclusion
from transactions
inner join roles on transactions.side = roles.side
inner join event_types
    on
        roles.reconciliation = event_types.reconciliation
        and roles.side = event_types.side
        and transactions.event_type = event_types.event_type
where transactions.processor is not null or not roles.needs_processor
