with

lines as (
    select * from {{ source('stripe', 'stripe_summaries') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        coalesce({{ clean_text('lines.connected_account') }}, documents.source_account) as source_account,
        documents.received_at,
        {{ ascii_upper('lines.currency') }} as currency_code
    from lines
    inner join documents on lines._document_id = documents.document_id
)

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
