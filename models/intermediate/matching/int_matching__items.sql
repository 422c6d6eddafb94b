with transactions as (
    select * from {{ ref('transactions') }}
),

scopes as (
    select * from {{ ref('int_matching__scopes') }}
)

select
    -- keys
    scopes.reconciliation,
    scopes.role,
    scopes.left_one,
    transactions.transaction_id,
    transactions.tenant_id,
    transactions.side,
    transactions.source,
    transactions.source_account,
    scopes.processor,
    transactions.native_id,
    transactions.event_type,
    scopes.event_class,
    scopes.group_class,
    scopes.one_per_id,
    transactions.processor_reference,
    transactions.reference,
    transactions.order_id,
    transactions.trace_reference,
    transactions.payout_id,
    transactions.authorization_code,
    transactions.merchant_id,
    transactions.customer_id,
    transactions.description,

    -- money, as the other side would sign it
    cast(transactions.amount_minor * scopes.sign_factor as bigint) as amount_minor,
    cast(transactions.net_minor * scopes.sign_factor as bigint) as net_minor,
    cast(scopes.money_direction * scopes.sign_factor as integer) as direction,
    transactions.currency,

    -- time
    transactions.occurred_at,
    transactions.business_date,
    transactions.expected_on,

    -- state
    transactions.status,
    case when transactions.status in ('failed', 'canceled') then 1 else 0 end as dead_rank,
    scopes.nets_returns,
    case when scopes.between_accounts then transactions.source_account end as own_account,
    case
        when transactions.has_conflict then 'key_conflict'
        when scopes.treatment = 'unknown' then 'unknown_event_type'
        when scopes.treatment = 'exclude' then 'excluded_by_rule'
    end as exclusion
from transactions
inner join scopes
    on
        transactions.tenant_id = scopes.tenant_id
        and transactions.source = scopes.source
        and coalesce(transactions.source_account, '') = scopes.source_account
        and coalesce(transactions.processor, '') = scopes.processor
        and transactions.side = scopes.side
        and transactions.event_type = scopes.event_type
        and sign(transactions.amount_minor) = scopes.money_direction
