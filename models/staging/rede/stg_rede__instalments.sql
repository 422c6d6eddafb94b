with

{{ landed_lines('rede', 'rede_instalments') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.establishment,
    lines.summary_number,
    cast(lines.instalment as integer) as instalment,

    -- money
    {{ hundredths_minor('lines.gross_amount', 'currencies.minor_unit_factor') }} as gross_minor,
    {{ hundredths_minor('lines.discount_amount', 'currencies.minor_unit_factor') }} as fee_minor,
    {{ hundredths_minor('lines.net_amount', 'currencies.minor_unit_factor') }} as net_minor,
    documents.currency,

    -- time
    {{ iso_date('lines.summary_date') }} as summary_date,
    {{ iso_date('lines.credit_date') }} as credit_date,

    {{ from_landed_lines() }}
