-- Which dispute and which payment a movement belongs to, where the source says so on another line than the transaction keeps.
with

stripe_changes as (
    select * from {{ ref('stg_stripe__balance_changes') }}
),

stripe_disputes as (
    select * from {{ ref('stg_stripe__api_disputes') }}
),

adyen as (
    select * from {{ ref('stg_adyen__settlement_details') }} where psp_reference is not null
),

square_disputes as (
    select * from {{ ref('stg_square__disputes') }}
),

square_entries as (
    select * from {{ ref('stg_square__payout_entries') }} where dispute_id is not null
),

paypal as (
    select * from {{ ref('int_chargebacks__paypal_lines') }}
),

-- PayPal names the payment on the chargeback, and the chargeback on what follows from it: its fee, or its reversal.
paypal_disputes as (
    select tenant_id, source, transaction_id, max({{ bytewise('reference_id') }}) as payment_ref
    from paypal
    where native_type in ('t1106', 't1110', 't1201')
    group by tenant_id, source, transaction_id
),

stated as (
    select
        tenant_id, source, balance_transaction_id as native_id, cast(null as {{ dbt.type_string() }}) as dispute_ref,
        charge_id as payment_ref, dispute_reason as reason, card_brand as native_network, false as names_dispute
    from stripe_changes
    where native_type in ('dispute', 'dispute_reversal')
    union all
    select tenant_id, source, balance_transaction_id as native_id, dispute_id, charge_id, reason, network, false as names_dispute
    from stripe_disputes
    union all
    select tenant_id, source, second_balance_transaction_id as native_id, dispute_id, charge_id, reason, network, false as names_dispute
    from stripe_disputes
    union all
    select
        tenant_id, source, psp_reference || '/' || coalesce(modification_reference, '') || '/' || batch_number as native_id,
        modification_reference, psp_reference, cast(null as {{ dbt.type_string() }}) as reason, payment_method,
        false as names_dispute
    from adyen
    union all
    select tenant_id, source, native_id, native_id as dispute_ref, payment_id, description as reason, network, false as names_dispute
    from square_disputes
    union all
    select
        tenant_id, source, native_id, dispute_id, payment_id, cast(null as {{ dbt.type_string() }}) as reason,
        cast(null as {{ dbt.type_string() }}) as native_network, false as names_dispute
    from square_entries
    union all
    select
        paypal.tenant_id, paypal.source, paypal.transaction_id as native_id,
        coalesce(paypal_disputes.payment_ref, paypal.reference_id, paypal.transaction_id) as dispute_ref,
        coalesce(paypal_disputes.payment_ref, paypal.reference_id) as payment_ref, paypal.description as reason,
        'paypal' as native_network, paypal_disputes.transaction_id is not null as names_dispute
    from paypal
    left join paypal_disputes
        on paypal.tenant_id = paypal_disputes.tenant_id
            and paypal.source = paypal_disputes.source
            and paypal.reference_id = paypal_disputes.transaction_id
)

select
    tenant_id,
    source,
    native_id,
    max({{ bytewise('dispute_ref') }}) as dispute_ref,
    max({{ bytewise('payment_ref') }}) as payment_ref,
    max({{ bytewise('reason') }}) as reason,
    max({{ bytewise("nullif(native_network, '(none)')") }}) as native_network,
    max(case when names_dispute then 1 else 0 end) = 1 as names_dispute
from stated
where native_id is not null
group by tenant_id, source, native_id
