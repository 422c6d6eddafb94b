with

{{ landed_lines('rede', 'rede_debts') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.record_type,
    case lines.record_type when '044' then 'pending' else 'settled' end as debt_state,
    lines.establishment,
    lines.debit_order,
    lines.reason,
    lines.nsu,
    lines.original_summary_number,

    -- money
    {{ hundredths_minor('lines.order_amount', 'currencies.minor_unit_factor') }} as order_minor,
    documents.currency,
    {{ hundredths_minor("coalesce(lines.settled_amount, '0')", 'currencies.minor_unit_factor') }} as settled_minor,
    {{ hundredths_minor("coalesce(lines.pending_amount, '0')", 'currencies.minor_unit_factor') }} as pending_minor,

    -- time
    {{ iso_date('lines.order_date') }} as order_date,
    {{ iso_date('lines.settled_date') }} as settled_date,

    {{ from_landed_lines() }}
