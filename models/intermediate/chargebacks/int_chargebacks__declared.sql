-- Disputes in the house format, of any processor: stage by stage, in the words of this room.
with disputes as (
    select * from {{ ref('stg_disputes__events') }}
)

select
    tenant_id,
    source,
    source_account,
    'house' as vocabulary,
    native_event,
    '*' as native_status,
    true as is_stated,
    dispute_id as dispute_ref,
    -- as the processor's rows are called; a line without a reference stands for itself
    processor || ' ' || coalesce(source_account, '') || ' ' || {{ normalised_reference('reference') }} as payment_ref,
    reference,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    merchant_id,
    nullif(reason, '(none)') as reason,
    reason_code,
    nullif(network, '(none)') as native_network,
    disputed_minor,
    currency as disputed_currency,
    cast(null as bigint) as amount_minor,
    cast(null as bigint) as fee_minor,
    cast(null as {{ dbt.type_string() }}) as currency,
    told_at as occurred_at,
    told_at as opened_at,
    respond_by,
    cast(null as timestamp) as respond_until,
    is_answered as has_answer,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from disputes
