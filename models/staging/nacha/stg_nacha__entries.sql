with

lines as (
    select * from {{ source('nacha', 'nacha_entries') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    lines.file_key,
    cast(lines.entry_index as integer) as entry_index,
    lines.entry_kind,
    lines.direction,
    lines.direction || '_' || lines.entry_kind as native_type,
    {{ clean_text('lines.trace_number') }} as trace_number,
    {{ clean_text('lines.original_trace_number') }} as original_trace_number,
    {{ clean_text('lines.return_trace_number') }} as return_trace_number,
    {{ clean_text('lines.reason_code') }} as reason_code,
    {{ clean_text('lines.transaction_code') }} as transaction_code,
    {{ clean_text('lines.class_code') }} as class_code,
    {{ clean_text('lines.company_id') }} as company_id,
    {{ clean_text('lines.description') }} as description,
    {{ clean_text('lines.individual_id') }} as individual_id,

    -- money: cents without sign; a debit brought us money and its return takes it, a dishonored return gives it back
    cast(lines.amount as bigint)
    * case when lines.direction = 'debit' then 1 else -1 end
    * case when lines.entry_kind in ('return', 'contested') then -1 else 1 end as amount_minor,
    {{ ascii_upper('documents.currency') }} as currency,

    -- time
    {{ utc_timestamp('lines.file_created_at', 'documents.time_zone') }} as occurred_at,
    {{ iso_date('coalesce(lines.settled_on, lines.file_created_at)') }} as business_date,
    {{ iso_date('lines.settled_on') }} as settled_on,

    -- state
    lines.entry_kind in ('return', 'dishonored', 'contested') as is_money,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
