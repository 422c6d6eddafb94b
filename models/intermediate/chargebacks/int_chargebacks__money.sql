-- The movements of disputes, once each: what processors took and gave back, their fees for it, and what only the books booked. A row of
-- the books that is matched, or whose reference a processor's dispute has, is the same event and stands with the processor.
with

transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
),

references_of as (
    select * from {{ ref('int_chargebacks__references') }}
),

members as (
    select transaction_id from {{ ref('match_members') }} where status = 'matched' group by transaction_id
),

told_by_processors as (
    select tenant_id, {{ normalised_reference('reference') }} as reference_key
    from transactions
    where side = 'processor' and event_type in ('chargeback', 'chargeback_reversal') and reference is not null
    group by tenant_id, {{ normalised_reference('reference') }}
),

named as (
    select
        transactions.*,
        references_of.dispute_ref,
        references_of.payment_ref,
        references_of.reason,
        references_of.native_network,
        case
            when transactions.source in ('stripe', 'adyen', 'square', 'paypal', 'nacha') then transactions.source
            when transactions.source in ('unica', 'cielo', 'rede') then 'cards'
            else 'house'
        end as vocabulary,
        -- Where a source names no dispute, a payment is disputed once at a time.
        coalesce(transactions.processor, transactions.source) || ' ' || coalesce(transactions.source_account, '') || ' '
        || coalesce(
            {{ normalised_reference('transactions.reference') }}, transactions.order_id, transactions.authorization_code,
            transactions.processor_reference, transactions.native_id
        ) as payment_in_words
    from transactions
    left join references_of
        on transactions.tenant_id = references_of.tenant_id
            and transactions.source = references_of.source
            and transactions.native_id = references_of.native_id
    left join members on transactions.transaction_id = members.transaction_id
    left join told_by_processors
        on transactions.tenant_id = told_by_processors.tenant_id
            and {{ normalised_reference('transactions.reference') }} = told_by_processors.reference_key
    where
        (
            transactions.event_type in ('chargeback', 'chargeback_reversal')
            or (transactions.event_type = 'fee' and references_of.names_dispute)
        )
        and transactions.status not in ('failed', 'canceled')
        and (
            transactions.side = 'processor'
            or (transactions.side = 'internal' and members.transaction_id is null and told_by_processors.tenant_id is null)
        )
)

select
    -- keys
    tenant_id,
    source,
    source_account,
    vocabulary,
    case when event_type = 'fee' then 'dispute_fee' when vocabulary = 'house' then event_type else native_type end as native_event,
    case when amount_minor < 0 then 'out' else 'in' end as native_status,
    false as is_stated,
    case when vocabulary = 'stripe' then coalesce(dispute_ref, processor_reference) else dispute_ref end as dispute_ref,
    coalesce(payment_ref, payment_in_words) as payment_ref,
    reference, transaction_id, merchant_id,

    -- why
    reason,
    case when vocabulary = 'nacha' and description like 'R__%' then substring(description, 1, 3) end as reason_code,
    case when vocabulary = 'nacha' then 'ach' else native_network end as native_network,

    -- money
    cast(null as bigint) as disputed_minor,
    cast(null as {{ dbt.type_string() }}) as disputed_currency,
    case when event_type = 'fee' then 0 else amount_minor end as amount_minor,
    case when event_type = 'fee' then fee_minor - amount_minor else fee_minor end as fee_minor,
    currency,

    -- time
    coalesce(occurred_at, cast(business_date as timestamp)) as occurred_at,
    coalesce(occurred_at, cast(business_date as timestamp)) as opened_at,
    cast(null as date) as respond_by, cast(null as timestamp) as respond_until, false as has_answer,

    -- origin
    cast(null as timestamp) as _received_at,
    _document_id,
    _source_file,
    _source_line
from named
