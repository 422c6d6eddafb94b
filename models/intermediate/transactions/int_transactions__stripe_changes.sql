with

balance_changes as (
    select * from {{ ref('stg_stripe__balance_changes') }}
),

payout_lines as (
    select * from {{ ref('stg_stripe__payouts') }}
),

payout_facts as (
    select * from {{ ref('int_transactions__payout_facts') }}
),

objects as (
    select * from {{ ref('int_transactions__stripe_objects') }}
),

payout_of_change as (
    select
        tenant_id,
        source,
        source_account,
        balance_transaction_id,
        max({{ bytewise("payout_id") }}) as payout_id
    from payout_lines
    group by tenant_id, source, source_account, balance_transaction_id
),

with_own_payout as (
    select
        balance_changes.*,
        case
            when balance_changes.native_type in ('payout', 'payout_reversal')
                then coalesce(balance_changes.source_id, payout_of_change.payout_id)
        end as own_payout_id
    from balance_changes
    left join payout_of_change
        on balance_changes.tenant_id = payout_of_change.tenant_id
            and balance_changes.source = payout_of_change.source
            and balance_changes.source_account = payout_of_change.source_account
            and balance_changes.balance_transaction_id = payout_of_change.balance_transaction_id
)

select
    -- keys
    with_own_payout.tenant_id,
    'processor' as side,
    with_own_payout.source,
    with_own_payout.source_account,
    with_own_payout.source as processor,
    with_own_payout.balance_transaction_id as native_id,
    'balance_transaction' as record,
    with_own_payout.native_type,
    with_own_payout.native_type as lookup_type,
    with_own_payout.source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    coalesce(payout_facts.native_status, '(none)') as native_status,
    coalesce(with_own_payout.merchant_reference, objects.merchant_reference) as reference,
    coalesce(with_own_payout.own_payout_id, with_own_payout.source_id) as processor_reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    coalesce(payout_facts.trace_id, with_own_payout.trace_id) as trace_reference,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    case
        when with_own_payout.native_type = 'payout' then with_own_payout.own_payout_id
        else coalesce(with_own_payout.automatic_payout_id, with_own_payout.own_payout_id)
    end as payout_id,
    with_own_payout.connected_account_id as merchant_id,
    coalesce(with_own_payout.customer_id, objects.customer_id) as customer_id,
    coalesce(with_own_payout.description, objects.words) as description,

    {{ stripe_movement_ends(1) }}
