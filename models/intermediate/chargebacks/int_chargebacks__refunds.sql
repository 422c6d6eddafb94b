-- What was refunded of each payment, by the processor's own id of it: also where no reference of the merchant says what it is for.
with

named as (
    select tenant_id, source, balance_transaction_id as native_id, charge_id as payment_ref
    from {{ ref('stg_stripe__api_refunds') }}
    union
    select tenant_id, source, balance_transaction_id as native_id, charge_id as payment_ref
    from {{ ref('stg_stripe__balance_changes') }}
    where native_type = 'refund'
    union
    select
        tenant_id, source, psp_reference || '/' || coalesce(modification_reference, '') || '/' || batch_number as native_id,
        psp_reference
    from {{ ref('stg_adyen__settlement_details') }}
    where native_type in ('refunded', 'refundedbulk')
    union
    select tenant_id, source, native_id, payment_id
    from {{ ref('stg_square__refunds') }}
    union
    select tenant_id, source, transaction_id, reference_id
    from {{ ref('int_chargebacks__paypal_lines') }}
    where native_type like 't11%'
),

payments as (
    select tenant_id, source, native_id, max({{ bytewise('payment_ref') }}) as payment_ref
    from named
    where native_id is not null and payment_ref is not null
    group by tenant_id, source, native_id
),

refunds as (
    select * from {{ ref('transactions') }}
    where event_type = 'refund' and side = 'processor' and not has_conflict and status not in ('failed', 'canceled')
),

placed as (
    select
        refunds.tenant_id,
        refunds.source,
        payments.payment_ref,
        refunds.currency,
        refunds.amount_minor,
        refunds.transaction_id,
        row_number() over (
            partition by refunds.tenant_id, refunds.source, payments.payment_ref, refunds.currency
            order by refunds.business_date desc, refunds.occurred_at desc nulls last, {{ bytewise('refunds.transaction_id') }}
        ) as place_from_last
    from refunds
    inner join payments
        on refunds.tenant_id = payments.tenant_id
            and refunds.source = payments.source
            and refunds.native_id = payments.native_id
)

select
    tenant_id,
    source,
    payment_ref,
    currency,
    -sum(amount_minor) as refunded_minor,
    max(case when place_from_last = 1 then transaction_id end) as last_refund_id
from placed
group by tenant_id, source, payment_ref, currency
