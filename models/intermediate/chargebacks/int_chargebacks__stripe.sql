-- What Stripe says of a dispute, object by object: by events as it happens, by answers as it was found.
with disputes as (
    select * from {{ ref('stg_stripe__api_disputes') }}
)

select
    -- keys
    tenant_id,
    source,
    source_account,
    'stripe' as vocabulary,
    native_status as native_event,
    '*' as native_status,
    true as is_stated,
    dispute_id as dispute_ref,
    charge_id as payment_ref,
    merchant_reference as reference,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    cast(null as {{ dbt.type_string() }}) as merchant_id,

    -- why
    nullif(reason, '(none)') as reason,
    reason_code,
    nullif(network, '(none)') as native_network,

    -- money
    amount_minor as disputed_minor,
    currency as disputed_currency,
    cast(null as bigint) as amount_minor,
    cast(null as bigint) as fee_minor,
    cast(null as {{ dbt.type_string() }}) as currency,

    -- time
    told_at as occurred_at,
    created_at as opened_at,
    due_on as respond_by,
    due_at as respond_until,
    has_evidence as has_answer,

    -- origin
    _received_at,
    _document_id,
    _source_file,
    _source_line
from disputes
where dispute_id is not null
