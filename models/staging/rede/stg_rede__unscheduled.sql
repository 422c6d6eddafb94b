with

{{ landed_lines('rede', 'rede_unscheduled') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.establishment,
    lines.summary_number,
    lines.reference,
    lines.nsu,
    cast(lines.instalment as integer) as instalment,

    -- money
    {{ hundredths_minor('lines.new_amount', 'currencies.minor_unit_factor') }} as new_minor,
    {{ hundredths_minor('lines.original_amount', 'currencies.minor_unit_factor') }} as original_minor,
    {{ hundredths_minor('lines.adjustment_amount', 'currencies.minor_unit_factor') }} as adjustment_minor,
    {{ hundredths_minor('lines.cancelled_amount', 'currencies.minor_unit_factor') }} as cancelled_minor,
    documents.currency,

    -- time
    {{ iso_date('lines.credit_date') }} as credit_date,
    {{ iso_date('lines.cancellation_date') }} as cancellation_date,
    {{ iso_date('lines.sale_date') }} as sale_date,

    {{ from_landed_lines() }}
