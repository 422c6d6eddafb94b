with

{{ landed_lines('bank', 'bank_entries') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    {{ clean_text('lines.account') }} as source_account,
    {{ clean_text('lines.statement_id') }} as statement_id,
    cast(coalesce(lines.page_number, '0') as integer) as page_number,
    cast(lines.entry_index as integer) as entry_index,
    {{ clean_text('lines.entry_reference') }} as entry_reference,
    {{ bank_reference('lines.servicer_reference') }} as servicer_reference,
    {{ bank_reference('lines.end_to_end_id') }} as end_to_end_id,
    {{ bank_reference('lines.transaction_reference') }} as transaction_reference,
    {{ bank_reference('lines.mandate_id') }} as mandate_id,
    {{ clean_text('lines.domain_code') }} as domain_code,
    {{ clean_text('lines.family_code') }} as family_code,
    {{ clean_text('lines.sub_family_code') }} as sub_family_code,
    {{ clean_text('lines.proprietary_code') }} as proprietary_code,
    {{ clean_text('lines.counterparty_name') }} as counterparty_name,
    {{ clean_text('lines.counterparty_account') }} as counterparty_account,
    {{ clean_text('lines.remittance') }} as remittance,
    {{ clean_text('lines.additional_information') }} as additional_information,

    -- money
    {{ minor_units('lines.amount', 'currencies.minor_unit_factor') }}
    * case when lines.credit_debit = 'DBIT' then -1 else 1 end as amount_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    {{ utc_timestamp('coalesce(lines.booking_date, lines.value_date)', 'documents.time_zone') }} as occurred_at,
    {{ iso_date('coalesce(lines.booking_date, lines.value_date)') }} as booking_date,
    {{ iso_date('lines.value_date') }} as value_date,

    -- state
    {{ native_code('lines.status') }} as native_status,
    {{ native_code('lines.status') }} = 'book' as is_booked,
    coalesce({{ ascii_lower('lines.is_reversal') }} in ('true', '1'), false) as is_reversal,
    cast(coalesce(lines.details_count, '0') as integer) as details_count,

    {{ from_landed_lines(ascii_upper('lines.currency')) }}
