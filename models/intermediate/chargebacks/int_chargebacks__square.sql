-- What Square says of a dispute: its state each time it was asked for or told.
with disputes as (
    select * from {{ ref('stg_square__disputes') }}
)

select
    -- keys
    tenant_id,
    source,
    source_account,
    'square' as vocabulary,
    native_status as native_event,
    '*' as native_status,
    true as is_stated,
    native_id as dispute_ref,
    payment_id as payment_ref,
    reference,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    location_id as merchant_id,

    -- why
    {{ native_code('description') }} as reason,
    cast(null as {{ dbt.type_string() }}) as reason_code,
    nullif(network, '(none)') as native_network,

    -- money
    -amount_minor as disputed_minor,
    currency as disputed_currency,
    cast(null as bigint) as amount_minor,
    cast(null as bigint) as fee_minor,
    cast(null as {{ dbt.type_string() }}) as currency,

    -- time
    told_at as occurred_at,
    opened_at,
    due_on as respond_by,
    due_at as respond_until,
    false as has_answer,

    -- origin
    _received_at,
    _document_id,
    _source_file,
    _source_line
from disputes
