with faults as (
    select * from {{ source('ops', 'quarantine') }}
),

documents as (
    select * from {{ ref('stg_documents__register') }} where is_known
),

-- Two faults of one line differ by column and code; two lines without a number by their hash. The rest is a number.
numbered as (
    select
        *,
        row_number() over (
            partition by document_id, record, source_line, column_number, code, line_hash
            order by {{ bytewise('message') }}, {{ bytewise('masked_value') }}
        ) as place
    from faults
)

select
    {{ key_hash('qrt', [
        'numbered.document_id', 'numbered.record', 'numbered.source_line', 'numbered.column_number', 'numbered.code',
        'numbered.line_hash', 'numbered.place'
    ]) }} as quarantine_id,
    documents.tenant_id,
    numbered.document_id,
    documents.source,
    documents.name,
    numbered.record,
    numbered.source_line,
    numbered.column_number,
    numbered.column_name,
    numbered.code,
    numbered.message,
    numbered.masked_value,
    numbered.line_hash,
    documents.is_current,
    numbered.quarantined_at
from numbered
inner join documents on numbered.document_id = documents.document_id
