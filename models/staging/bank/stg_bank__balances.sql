with

{{ landed_lines('bank', 'bank_balances') }}

select
    -- keys
    documents.tenant_id,
    documents.source,
    {{ clean_text('lines.account') }} as source_account,
    {{ clean_text('lines.statement_id') }} as statement_id,
    cast(coalesce(lines.page_number, '0') as integer) as page_number,
    cast(coalesce(lines.balance_index, '0') as integer) as balance_index,
    {{ ascii_upper(clean_text('lines.balance_type')) }} as balance_type,

    -- money
    {{ minor_units('lines.amount', 'currencies.minor_unit_factor') }}
    * case when lines.credit_debit = 'DBIT' then -1 else 1 end as amount_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    {{ iso_date('lines.balance_date') }} as balance_date,

    {{ from_landed_lines(ascii_upper('lines.currency')) }}
