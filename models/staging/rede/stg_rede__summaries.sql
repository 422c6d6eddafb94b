with

{{ landed_lines('rede', 'rede_summaries') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.record_type,
    lines.establishment,
    lines.summary_number,
    lines.bank,
    lines.branch,
    lines.account,
    lines.brand_code,
    cast(lines.sale_count as bigint) as sale_count,

    -- money
    {{ hundredths_minor('lines.gross_amount', 'currencies.minor_unit_factor') }} as gross_minor,
    {{ hundredths_minor('lines.discount_amount', 'currencies.minor_unit_factor') }} as fee_minor,
    {{ hundredths_minor('lines.net_amount', 'currencies.minor_unit_factor') }} as net_minor,
    documents.currency,

    -- time
    {{ iso_date('lines.summary_date') }} as summary_date,
    {{ iso_date('lines.credit_date') }} as credit_date,

    {{ from_landed_lines() }}
