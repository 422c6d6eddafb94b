with

{{ landed_lines('generic', 'generic_transactions') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    coalesce({{ clean_text('lines.source_account') }}, documents.source_account) as source_account,
    coalesce({{ ascii_lower(clean_text('lines.processor_name')) }}, documents.source) as processor,
    {{ clean_text('lines.transaction_id') }} as transaction_id,
    {{ native_code('lines.event_type') }} as native_type,
    {{ native_code('lines.status') }} as native_status,
    {{ clean_text('lines.reference_number') }} as reference_number,
    {{ clean_text('lines.processor_reference') }} as processor_reference,
    {{ clean_text('lines.order_id') }} as order_id,
    {{ clean_text('lines.authorization_code') }} as authorization_code,
    coalesce(
        {{ clean_text('lines.payout_id') }},
        case
            when {{ native_code('lines.event_type') }} in ('payout', 'payout_reversal') then {{ clean_text('lines.transaction_id') }}
        end
    ) as payout_id,
    {{ clean_text('lines.trace_reference') }} as trace_reference,
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
    {{ iso_date('lines.expected_date') }} as expected_on,

    -- state
    coalesce(documents.is_polled, false) as is_polled,

    {{ from_landed_lines(ascii_upper('lines.currency')) }}
