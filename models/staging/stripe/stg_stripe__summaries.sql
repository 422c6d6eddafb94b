with

{{ stripe_totals('stripe_summaries') }}

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    {{ native_code('typed.reporting_category') }} as native_type,

    -- report
    {{ stripe_report_kind('typed._source_file') }} as report_kind,
    {{ stripe_report_from('typed._source_file') }} as report_from,
    {{ stripe_report_to('typed._source_file') }} as report_to,
    {{ stripe_report_currency('typed._source_file') }} as report_currency,

    -- money
    case
        when translate(typed.row_count, '0123456789', '') = '' and length(typed.row_count) < 16
            then cast(typed.row_count as bigint)
    end as row_count,
    {{ minor_units('typed.gross', 'currencies.minor_unit_factor') }} as amount_minor,
    {{ minor_units('typed.fee', 'currencies.minor_unit_factor') }} as fee_minor,
    {{ minor_units('typed.net', 'currencies.minor_unit_factor') }} as net_minor,
    typed.currency_code as currency,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
