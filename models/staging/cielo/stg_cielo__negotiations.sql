with

{{ landed_lines('cielo', 'cielo_negotiations') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.negotiation_number,
    lines.form,

    -- money
    {{ hundredths_minor('lines.gross_amount', 'currencies.minor_unit_factor') }} as gross_minor,
    {{ hundredths_minor('lines.net_amount', 'currencies.minor_unit_factor') }} as net_minor,
    cast(lines.nominal_rate as decimal(9, 3)) as nominal_rate,
    cast(lines.effective_rate as decimal(9, 3)) as effective_rate,
    documents.currency,

    -- time
    {{ iso_date('lines.negotiation_date') }} as negotiation_date,
    {{ iso_date('lines.payment_date') }} as payment_date,

    {{ from_landed_lines() }}
