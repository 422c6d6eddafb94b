-- Which exchange of currencies a row of a processor is a side of: PayPal names the payment it converted, others the same reference.
with conversions as (
    select * from {{ ref('transactions') }} where event_type = 'conversion'
),

paypal as (
    select tenant_id, source, transaction_id as native_id, reference_id
    from {{ ref('stg_paypal__transactions') }}
    union all
    select tenant_id, source, transaction_id as native_id, reference_id
    from {{ ref('stg_paypal__searched_transactions') }}
),

references_of as (
    select
        tenant_id,
        source,
        native_id,
        min({{ bytewise('reference_id') }}) as reference_id
    from paypal
    group by tenant_id, source, native_id
)

select
    conversions.transaction_id,
    conversions.tenant_id,
    coalesce(references_of.reference_id, conversions.reference, conversions.processor_reference) as conversion_reference,
    {{ key_hash('cnv', [
        'conversions.tenant_id', 'conversions.source', 'conversions.source_account',
        'coalesce(references_of.reference_id, conversions.reference, conversions.processor_reference)'
    ]) }} as conversion_id
from conversions
left join references_of
    on
        conversions.tenant_id = references_of.tenant_id
        and conversions.source = references_of.source
        and conversions.native_id = references_of.native_id
