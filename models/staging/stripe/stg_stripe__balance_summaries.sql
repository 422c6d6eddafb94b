with

{{ stripe_totals('stripe_balance_summaries') }}

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    {{ native_code('typed.category') }} as native_type,
    {{ clean_text('typed.description') }} as description,

    -- report
    {{ stripe_report_kind('typed._source_file') }} as report_kind,
    {{ stripe_report_from('typed._source_file') }} as report_from,
    {{ stripe_report_to('typed._source_file') }} as report_to,
    {{ stripe_report_currency('typed._source_file') }} as report_currency,

    -- money
    {{ minor_units('typed.net_amount', 'currencies.minor_unit_factor') }} as net_minor,
    typed.currency_code as currency,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
