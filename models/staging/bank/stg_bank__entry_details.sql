with

{{ landed_lines('bank', 'bank_entry_details') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    {{ clean_text('lines.account') }} as source_account,
    {{ clean_text('lines.statement_id') }} as statement_id,
    cast(coalesce(lines.page_number, '0') as integer) as page_number,
    cast(lines.entry_index as integer) as entry_index,
    cast(lines.detail_index as integer) as detail_index,
    {{ bank_reference('lines.end_to_end_id') }} as end_to_end_id,
    {{ bank_reference('lines.transaction_reference') }} as transaction_reference,
    {{ clean_text('lines.counterparty_name') }} as counterparty_name,
    {{ clean_text('lines.remittance') }} as remittance,
    {{ clean_text('lines.return_reason') }} as return_reason,

    -- money
    {{ minor_units('lines.amount', 'currencies.minor_unit_factor') }}
    * case when lines.credit_debit = 'DBIT' then -1 else 1 end as amount_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    {{ from_landed_lines(ascii_upper('lines.currency')) }}
