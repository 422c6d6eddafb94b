with

lines as (
    select * from {{ source('adyen', 'adyen_payments_accounting') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

zones as (
    select * from {{ ref('time_zone_labels') }}
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.received_at,
        coalesce(zones.time_zone, documents.time_zone) as zone
    from lines
    inner join documents on lines._document_id = documents.document_id
    left join zones on {{ clean_text('lines.time_zone') }} = zones.label
)

select
    -- keys
    typed.tenant_id,
    typed.source,
    {{ clean_text('typed.merchant_account') }} as source_account,
    {{ clean_text('typed.psp_reference') }} as psp_reference,
    {{ clean_text('typed.modification_reference') }} as modification_reference,
    {{ clean_text('typed.merchant_reference') }} as merchant_reference,
    {{ native_code('typed.record_type') }} as native_type,
    {{ native_code('typed.payment_method') }} as payment_method,

    -- money: the state of a payment in figures; what moved is in the settlement details
    {{ minor_units('typed.main_amount', 'main.minor_unit_factor') }} as main_minor,
    {{ ascii_upper('typed.main_currency') }} as main_currency,
    {{ minor_units('typed.payable', 'settled.minor_unit_factor') }} as payable_minor,
    {{ ascii_upper('typed.settlement_currency') }} as settlement_currency,

    -- time
    {{ utc_timestamp('typed.booking_date', 'typed.zone') }} as booked_at,
    {{ iso_date('typed.booking_date') }} as business_date,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies as main on {{ ascii_upper('typed.main_currency') }} = main.currency
left join currencies as settled on {{ ascii_upper('typed.settlement_currency') }} = settled.currency
