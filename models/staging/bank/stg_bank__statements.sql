with

{{ landed_lines('bank', 'bank_statements', has_amounts=false) }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    {{ clean_text('lines.account') }} as source_account,
    {{ clean_text('lines.statement_id') }} as statement_id,
    cast(coalesce(lines.page_number, '0') as integer) as page_number,
    coalesce(lines.statement_kind, 'statement') as statement_kind,
    documents.format,
    {{ clean_text('lines.message_id') }} as message_id,
    {{ clean_text('lines.message_version') }} as message_version,
    {{ clean_text('lines.electronic_sequence') }} as electronic_sequence,
    {{ clean_text('lines.legal_sequence') }} as legal_sequence,

    -- money
    {{ ascii_upper(clean_text('lines.account_currency')) }} as currency,

    -- time
    {{ utc_timestamp('lines.created_at', 'documents.time_zone') }} as created_at,
    {{ iso_date('lines.period_from') }} as period_from,
    {{ iso_date('lines.period_to') }} as period_to,

    {{ from_landed_lines(currency=none) }}
