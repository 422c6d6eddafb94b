with

{{ landed_lines('cielo', 'cielo_negotiation_deposits') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.negotiation_number,
    lines.bank,
    lines.branch,
    lines.account,

    -- money
    {{ hundredths_minor('lines.deposit_amount', 'currencies.minor_unit_factor') }} as deposit_minor,
    documents.currency,

    -- time
    {{ iso_date('coalesce(lines.payment_date, lines.negotiation_date)') }} as payment_date,

    {{ from_landed_lines() }}
