with

{{ landed_lines('cielo', 'cielo_negotiation_units') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.negotiation_number,
    lines.brand_code,
    lines.liquidation_type as product_code,
    lines.institution,
    lines.establishment,
    row_number() over (
        partition by
            lines._document_id,
            lines.negotiation_number,
            lines.establishment,
            lines.brand_code,
            lines.liquidation_type,
            lines.original_due_date
        order by lines._source_line
    ) as occurrence,

    -- money
    {{ hundredths_minor('lines.gross_amount', 'currencies.minor_unit_factor') }} as gross_minor,
    {{ hundredths_minor('lines.net_amount', 'currencies.minor_unit_factor') }} as net_minor,
    {{ hundredths_minor('lines.discount_amount', 'currencies.minor_unit_factor') }} as discount_minor,
    documents.currency,

    -- time
    {{ iso_date('lines.negotiation_date') }} as negotiation_date,
    {{ iso_date('lines.original_due_date') }} as original_due_date,
    {{ iso_date('lines.payment_date') }} as payment_date,

    {{ from_landed_lines() }}
