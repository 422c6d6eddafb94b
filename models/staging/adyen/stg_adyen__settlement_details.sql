with

lines as (
    select * from {{ source('adyen', 'adyen_settlement_details') }}
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
        {{ ascii_upper('lines.net_currency') }} as currency_code,
        {{ ascii_upper('lines.gross_currency') }} as gross_currency_code,
        {{ utc_timestamp('lines.creation_date', 'coalesce(zones.time_zone, documents.time_zone)') }} as occurred_at
    from lines
    inner join documents on lines._document_id = documents.document_id
    left join zones on {{ clean_text('lines.time_zone') }} = zones.label
),

counted as (
    select
        typed.*,
        {{ minor_units("coalesce(typed.net_credit, '0')", 'currencies.minor_unit_factor') }}
        - {{ minor_units("coalesce(typed.net_debit, '0')", 'currencies.minor_unit_factor') }} as net_minor,
        {{ minor_units("coalesce(typed.commission, '0')", 'currencies.minor_unit_factor') }}
        + {{ minor_units("coalesce(typed.markup, '0')", 'currencies.minor_unit_factor') }}
        + {{ minor_units("coalesce(typed.scheme_fees, '0')", 'currencies.minor_unit_factor') }}
        + {{ minor_units("coalesce(typed.interchange, '0')", 'currencies.minor_unit_factor') }} as fee_minor,
        {{ minor_units("coalesce(typed.gross_credit, '0')", 'gross.minor_unit_factor') }}
        - {{ minor_units("coalesce(typed.gross_debit, '0')", 'gross.minor_unit_factor') }} as gross_minor,
        {{ minor_units('typed.interchange', 'currencies.minor_unit_factor') }} as interchange_minor,
        {{ minor_units('typed.scheme_fees', 'currencies.minor_unit_factor') }} as scheme_fee_minor
    from typed
    left join currencies on typed.currency_code = currencies.currency
    left join currencies as gross on typed.gross_currency_code = gross.currency
)

select
    -- keys
    tenant_id,
    source,
    {{ clean_text('merchant_account') }} as source_account,
    {{ clean_text('psp_reference') }} as psp_reference,
    {{ clean_text('modification_reference') }} as modification_reference,
    {{ clean_text('batch_number') }} as batch_number,
    {{ native_code('payment_method') }} as payment_method,
    {{ native_code('type') }} as native_type,
    {{ clean_text('merchant_reference') }} as merchant_reference,
    {{ clean_text('modification_merchant_reference') }} as modification_merchant_reference,
    {{ clean_text('merchant_order_reference') }} as merchant_order_reference,
    {{ clean_text('authorisation_code') }} as authorization_code,
    {{ adyen_transfer('modification_reference') }} as transfer_reference,

    -- money: what reached the balance is certain, so the amount is the net and the fees that were taken off it
    net_minor + fee_minor as amount_minor,
    fee_minor,
    net_minor,
    interchange_minor,
    scheme_fee_minor,
    currency_code as currency,
    -- what the shopper paid, in the shopper's currency
    gross_minor,
    gross_currency_code as gross_currency,
    {{ clean_text('exchange_rate') }} as exchange_rate,

    -- time
    occurred_at,
    {{ iso_date('creation_date') }} as business_date,
    {{ iso_date('booking_date') }} as booked_on,

    -- origin
    received_at as _received_at,
    _document_id,
    _source_file,
    _source_line
from counted
