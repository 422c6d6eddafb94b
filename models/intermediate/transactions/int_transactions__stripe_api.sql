with

movements as (
    select * from {{ ref('stg_stripe__api_balance_transactions') }}
),

objects as (
    select * from {{ ref('int_transactions__stripe_objects') }}
),

payout_facts as (
    select * from {{ ref('int_transactions__payout_facts') }}
),

-- An answer names no account. Stripe's ids are its own everywhere: a movement that a report tells of is of that report's account.
told as (
    select tenant_id, source, source_account, balance_transaction_id from {{ ref('stg_stripe__balance_changes') }}
    union all
    select tenant_id, source, source_account, balance_transaction_id from {{ ref('stg_stripe__payouts') }}
),

accounts as (
    select
        tenant_id,
        source,
        balance_transaction_id,
        min({{ bytewise('source_account') }}) as source_account
    from told
    group by tenant_id, source, balance_transaction_id
    having min({{ bytewise('source_account') }}) = max({{ bytewise('source_account') }})
),

with_own_payout as (
    select
        movements.*,
        case when movements.source_id like 'po!_%' escape '!' then movements.source_id end as own_payout_id
    from movements
)

select
    -- keys
    with_own_payout.tenant_id,
    'processor' as side,
    with_own_payout.source,
    coalesce(accounts.source_account, with_own_payout.source_account) as source_account,
    with_own_payout.source as processor,
    with_own_payout.balance_transaction_id as native_id,
    'balance_transaction' as record,
    with_own_payout.native_type,
    with_own_payout.native_type as lookup_type,
    with_own_payout.source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    coalesce(payout_facts.native_status, '(none)') as native_status,
    objects.merchant_reference as reference,
    with_own_payout.source_id as processor_reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    payout_facts.trace_id as trace_reference,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    with_own_payout.own_payout_id as payout_id,
    cast(null as {{ dbt.type_string() }}) as merchant_id,
    objects.customer_id,
    coalesce(with_own_payout.description, objects.words) as description,

    {{ stripe_movement_ends(3) }}
left join accounts
    on with_own_payout.tenant_id = accounts.tenant_id
        and with_own_payout.source = accounts.source
        and with_own_payout.balance_transaction_id = accounts.balance_transaction_id
