with

lines as (
    select * from {{ source('bank', 'bank_entry_details') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

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

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
left join currencies on {{ ascii_upper('lines.currency') }} = currencies.currency
