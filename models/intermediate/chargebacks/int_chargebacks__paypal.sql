-- PayPal holds money back while it looks into a dispute: the only word that its reports say before the chargeback. No loss yet.
with

lines as (
    select * from {{ ref('int_chargebacks__paypal_lines') }} where native_type = 't1110'
),

references_of as (
    select * from {{ ref('int_chargebacks__references') }}
)

select
    lines.tenant_id,
    lines.source,
    lines.source_account,
    'paypal' as vocabulary,
    lines.native_type as native_event,
    '*' as native_status,
    true as is_stated,
    references_of.dispute_ref,
    references_of.payment_ref,
    coalesce(lines.invoice_id, lines.custom_field) as reference,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    lines.store_id as merchant_id,
    lines.description as reason,
    cast(null as {{ dbt.type_string() }}) as reason_code,
    'paypal' as native_network,
    abs(lines.amount_minor) as disputed_minor,
    lines.currency as disputed_currency,
    cast(null as bigint) as amount_minor,
    cast(null as bigint) as fee_minor,
    cast(null as {{ dbt.type_string() }}) as currency,
    lines.occurred_at,
    lines.occurred_at as opened_at,
    cast(null as date) as respond_by,
    cast(null as timestamp) as respond_until,
    false as has_answer,
    lines._received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join references_of
    on lines.tenant_id = references_of.tenant_id
        and lines.source = references_of.source
        and lines.transaction_id = references_of.native_id
