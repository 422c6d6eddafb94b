with

lines as (
    select * from {{ ref('stg_bank__lines') }} where is_transaction
),

pages as (
    select * from {{ ref('int_transactions__bank_pages') }}
),

series as (
    select * from {{ ref('int_transactions__bank_series') }}
),

details as (
    select * from {{ ref('int_transactions__bank_details') }}
),

told as (
    select
        lines.*,
        series.series_number,
        series.unit_place,
        coalesce(lines.counterparty_name, details.counterparty_name) as counterparty,
        coalesce(lines.remittance, case when lines.details_count = 0 then details.remittance end) as words,
        {{ key_hash('line', [
            'lines.booking_date', 'lines.value_date', 'lines.amount_minor', 'lines.currency', 'lines.servicer_reference',
            'lines.end_to_end_id', 'lines.transaction_reference', 'lines.counterparty_name', 'lines.counterparty_account',
            'lines.remittance', 'lines.additional_information', 'lines.proprietary_code',
        ]) }} as content
    from lines
    left join pages
        on
            lines._document_id = pages._document_id
            and lines.source_account = pages.source_account
            and lines.statement_id = pages.statement_id
            and lines.page_number = pages.page_number
            and lines.currency = pages.currency
    left join series on pages.unit_id = series.unit_id
    left join details
        on
            lines._document_id = details._document_id
            and lines.source_account = details.source_account
            and lines.statement_id = details.statement_id
            and lines.entry_index = details.entry_index
),

placed as (
    select
        told.*,
        coalesce(words, '') || ' ' || coalesce(end_to_end_id, '') || ' ' || coalesce(transaction_reference, '') || ' '
        || coalesce(additional_information, '') as text_fields,
        row_number() over (
            partition by
                tenant_id, source_account, currency, format, statement_kind, series_number, booking_date, amount_minor,
                servicer_reference, case when servicer_reference is null then content end
            order by unit_place, page_number, entry_index, _document_id
        ) as place_among_equals,
        row_number() over (
            partition by _document_id order by _source_line, source_account, statement_id, page_number, entry_index
        ) as row_index
    from told
)

select
    {{ key_hash('bel', ['_document_id', 'source_account', 'statement_id', 'entry_index']) }} as bank_line_id,
    tenant_id,
    source,
    source_account,
    -- The bank's own reference finds the same line in a daily and a monthly statement; without one a line is its words. Some banks
    -- write one reference on several lines of a day (a payment and its charge): the money tells them apart, and after it their
    -- place. Nothing here asks how many lines there are: what comes later must not rename what is here.
    case
        when servicer_reference is null then content || '/' || cast(place_among_equals as {{ dbt.type_string() }})
        when place_among_equals = 1 then servicer_reference
        else servicer_reference || ' #' || cast(place_among_equals as {{ dbt.type_string() }})
    end as native_id,
    'entry ' || cast(booking_date as {{ dbt.type_string() }}) || ' ' || cast(amount_minor as {{ dbt.type_string() }}) || ' ' || currency
        as record,
    coalesce(domain_code || '-' || family_code || '-' || sub_family_code, proprietary_code, '(none)') as native_type,
    line_status as native_status,
    counterparty as counterparty_name,
    counterparty_account,
    words as remittance,
    additional_information,
    end_to_end_id,
    coalesce(end_to_end_id, transaction_reference, servicer_reference) as trace_reference,
    {{ payout_reference('text_fields') }} as payout_reference,
    amount_minor,
    currency,
    occurred_at,
    booking_date,
    value_date,
    row_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from placed
