with

{{ landed_lines('internal', 'internal_transactions') }}

select
    -- keys
    coalesce({{ clean_text('lines.tenant_id') }}, documents.tenant_id) as tenant_id,
    documents.source,
    coalesce({{ clean_text('lines.source_account') }}, documents.source_account) as source_account,
    {{ clean_text('lines.transaction_id') }} as transaction_id,
    {{ ascii_lower(clean_text('lines.processor_name')) }} as processor,
    {{ native_code('lines.event_type') }} as native_type,
    {{ native_code('lines.status') }} as native_status,
    {{ clean_text('lines.reference_number') }} as reference_number,
    {{ clean_text('lines.processor_transaction_id') }} as processor_transaction_id,
    {{ clean_text('lines.order_id') }} as order_id,
    {{ clean_text('lines.authorization_code') }} as authorization_code,
    {{ clean_text('lines.payout_id') }} as payout_id,
    {{ clean_text('lines.merchant_id') }} as merchant_id,
    {{ clean_text('lines.customer_id') }} as customer_id,
    {{ clean_text('lines.description') }} as description,

    -- money
    {{ minor_units('lines.amount', 'currencies.minor_unit_factor') }} as amount_minor,
    {{ minor_units("coalesce(lines.fee, '0')", 'currencies.minor_unit_factor') }} as fee_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    {{ utc_timestamp('lines.transaction_date', 'documents.time_zone') }} as occurred_at,
    {{ local_date(utc_timestamp('lines.transaction_date', 'documents.time_zone'), 'documents.time_zone') }} as business_date,
    {{ iso_date('lines.settlement_date') }} as settled_on,

    -- state
    coalesce(documents.is_polled, false) as is_polled,

    {{ from_landed_lines(ascii_upper('lines.currency')) }}
