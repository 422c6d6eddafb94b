with

lines as (
    select * from {{ source('nacha', 'nacha_addenda') }}
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
    cast(lines.addenda_index as integer) as addenda_index,
    lines.type_code,
    {{ clean_text('lines.reason_code') }} as reason_code,
    {{ clean_text('lines.original_trace_number') }} as original_trace_number,
    {{ clean_text('lines.original_bank_number') }} as original_bank_number,
    {{ clean_text('lines.return_trace_number') }} as return_trace_number,
    {{ clean_text('lines.return_reason_code') }} as return_reason_code,
    {{ clean_text('lines.information') }} as information,
    {{ clean_text('lines.trace_number') }} as trace_number,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
