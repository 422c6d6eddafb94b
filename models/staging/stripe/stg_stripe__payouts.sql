with

{{ landed_lines('stripe', 'stripe_payouts') }},

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
            {{ utc_timestamp('lines.effective_at_utc', "'UTC'") }},
            {{ utc_timestamp('lines.effective_at', 'documents.time_zone') }}
        ) as occurred_at
    from lines
    inner join documents on lines._document_id = documents.document_id
)

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    {{ clean_text('typed.payout_id') }} as payout_id,
    {{ clean_text('typed.balance_transaction_id') }} as balance_transaction_id,
    coalesce(nullif({{ native_code('typed.reporting_category') }}, '(none)'), 'payout') as native_type,
    {{ native_code('typed.payout_status') }} as native_status,
    {{ clean_text('typed.payout_type') }} as payout_type,
    {{ clean_text('typed.payout_destination_id') }} as payout_destination_id,
    {{ clean_text('typed.trace_id') }} as trace_id,
    coalesce({{ clean_text('typed.payout_description') }}, {{ clean_text('typed.description') }}) as description,

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

    -- time
    typed.occurred_at,
    {{ local_date('typed.occurred_at', 'typed.time_zone') }} as business_date,
    {{ iso_date('typed.payout_expected_arrival_date') }} as expected_on,
    coalesce(
        {{ utc_timestamp('typed.payout_reversed_at_utc', "'UTC'") }},
        {{ utc_timestamp('typed.payout_reversed_at', 'typed.time_zone') }}
    ) as reversed_at,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
