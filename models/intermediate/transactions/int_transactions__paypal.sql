with

lines as (
    select * from {{ ref('int_transactions__paypal_lines') }} where is_booked
),

event_types as (
    select distinct native_type from {{ ref('event_types') }} where source = 'paypal'
),

-- PayPal adds codes; the first two digits are the kind of event, so a new code of a known family is one of that family
known as (
    select
        lines.*,
        coalesce(event_types.native_type, lines.event_family) as lookup_type,
        case
            when lines.native_type = 't1101' or (lines.event_family in ('t04', 't17') and lines.amount_minor > 0)
                then coalesce(lines.reference_id, lines.transaction_id)
            when lines.event_family in ('t04', 't17') then lines.transaction_id
        end as own_payout_id
    from lines
    left join event_types on lines.native_type = event_types.native_type
)

select
    -- keys
    tenant_id,
    'processor' as side,
    source,
    source_account,
    source as processor,
    transaction_id as native_id,
    native_type as record,
    native_type,
    lookup_type,
    source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    native_status,
    coalesce(invoice_id, custom_field) as reference,
    coalesce(own_payout_id, transaction_id) as processor_reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    bank_reference_id as trace_reference,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    own_payout_id as payout_id,
    store_id as merchant_id,
    consumer_id as customer_id,
    description,

    -- money
    amount_minor,
    fee_minor,
    currency,

    -- time
    occurred_at,
    business_date,
    cast(null as date) as value_date,
    cast(null as date) as expected_on,

    -- origin: the settlement report is the word on money, the detail report tells more than the search
    case report when 'STL' then 1 when 'TRR' then 2 else 3 end as record_priority,
    0 as row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from known
