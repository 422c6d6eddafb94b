with

lines as (
    select * from {{ ref('stg_adyen__settlement_details') }}
),

-- Fees, invoices and corrections have no id: two alike in one batch are told apart by their place among their like.
numbered as (
    select
        lines.*,
        row_number() over (
            partition by _document_id, source_account, batch_number, native_type, currency, psp_reference, modification_reference
            order by net_minor, _source_line
        ) as place_among_like
    from lines
)

select
    -- keys
    tenant_id,
    'processor' as side,
    source,
    source_account,
    source as processor,
    case
        when psp_reference is not null
            then psp_reference || '/' || coalesce(modification_reference, '') || '/' || batch_number
        else
            batch_number || '/' || currency || '/' || coalesce(modification_reference, '') || '/'
            || cast(place_among_like as {{ dbt.type_string() }})
    end as native_id,
    native_type as record,
    native_type,
    native_type as lookup_type,
    source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    '(none)' as native_status,
    coalesce(merchant_reference, modification_merchant_reference) as reference,
    case
        when native_type = 'merchantpayout' then coalesce(transfer_reference, modification_reference)
        when native_type = 'settled' then psp_reference
        else coalesce(modification_reference, psp_reference)
    end as processor_reference,
    merchant_order_reference as order_id,
    transfer_reference as trace_reference,
    authorization_code,
    batch_number as payout_id,
    source_account as merchant_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    case when psp_reference is null then modification_reference end as description,

    -- money
    amount_minor,
    fee_minor,
    currency,

    -- time
    occurred_at,
    business_date,
    booked_on as value_date,
    cast(null as date) as expected_on,

    -- origin
    1 as record_priority,
    0 as row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from numbered
