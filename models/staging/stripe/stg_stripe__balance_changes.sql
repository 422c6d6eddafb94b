with

{{ landed_lines('stripe', 'stripe_balance_changes') }},

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        coalesce({{ clean_text('lines.connected_account') }}, documents.source_account) as source_account,
        documents.time_zone,
        documents.received_at,
        {{ ascii_upper('lines.currency') }} as currency_code,
        coalesce(
            {{ utc_timestamp('lines.created_utc', "'UTC'") }},
            {{ utc_timestamp('lines.created', 'documents.time_zone') }}
        ) as occurred_at
    from lines
    inner join documents on lines._document_id = documents.document_id
)

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    {{ clean_text('typed.balance_transaction_id') }} as balance_transaction_id,
    {{ native_code('typed.reporting_category') }} as native_type,
    {{ clean_text('typed.source_id') }} as source_id,
    {{ clean_text('typed.merchant_reference') }} as merchant_reference,
    {{ clean_text('typed.automatic_payout_id') }} as automatic_payout_id,
    {{ clean_text('typed.charge_id') }} as charge_id,
    {{ clean_text('typed.payment_intent_id') }} as payment_intent_id,
    {{ clean_text('typed.invoice_id') }} as invoice_id,
    {{ clean_text('typed.customer_id') }} as customer_id,
    {{ clean_text('typed.connected_account_id') }} as connected_account_id,
    {{ clean_text('typed.trace_id') }} as trace_id,
    {{ clean_text('typed.dispute_reason') }} as dispute_reason,
    {{ clean_text('typed.description') }} as description,
    {{ ascii_lower(clean_text('typed.card_brand')) }} as card_brand,
    {{ ascii_lower(clean_text('typed.card_funding')) }} as card_funding,

    -- report
    {{ stripe_report_kind('typed._source_file') }} as report_kind,
    {{ stripe_report_from('typed._source_file') }} as report_from,
    {{ stripe_report_to('typed._source_file') }} as report_to,
    {{ stripe_report_currency('typed._source_file') }} as report_currency,

    -- money
    {{ minor_units('typed.gross', 'currencies.minor_unit_factor') }} as amount_minor,
    {{ minor_units("coalesce(typed.fee, '0')", 'currencies.minor_unit_factor') }} as fee_minor,
    {{ minor_units('typed.net', 'currencies.minor_unit_factor') }} as reported_net_minor,
    typed.currency_code as currency,
    -- what the customer was asked for, where Stripe exchanged it
    cast(typed.customer_facing_amount as decimal(24, 6)) as customer_facing_amount,
    {{ ascii_upper('typed.customer_facing_currency') }} as customer_facing_currency,

    -- time
    typed.occurred_at,
    {{ local_date('typed.occurred_at', 'typed.time_zone') }} as business_date,
    {{ iso_date('coalesce(typed.available_on_utc, typed.available_on)') }} as available_on,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
