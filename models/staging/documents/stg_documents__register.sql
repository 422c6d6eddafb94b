with

documents as (
    select * from {{ source('ops', 'documents') }}
),

ranked as (
    select
        document_id,
        tenant_id,
        source,
        logical_key,
        row_number() over (
            partition by tenant_id, source, logical_key
            order by revision desc nulls last, received_at desc nulls last, document_id desc
        ) as place
    from documents
    -- a held file that a person released later was not yet in the books when it was received
    where state = 'landed' and coalesce(landed_at, received_at) <= {{ as_of() }}
),

current_documents as (
    select * from ranked where place = 1
),

answered as (
    select
        ranked.document_id,
        ranked.place = 1 as is_current,
        case when ranked.place > 1 then current_documents.document_id end as superseded_by
    from ranked
    inner join current_documents
        on ranked.tenant_id = current_documents.tenant_id
            and ranked.source = current_documents.source
            and ranked.logical_key = current_documents.logical_key
)

select
    -- keys
    documents.document_id,
    documents.tenant_id,
    documents.source,
    documents.format,
    documents.name,
    documents.logical_key,
    documents.revision,
    documents.sha256,
    documents.byte_count,
    documents.sequence_scope,
    documents.sequence_number,

    -- how to read it
    coalesce(documents.time_zone, 'UTC') as time_zone,
    documents.currency,
    coalesce(documents.source_account, '') as source_account,
    documents.parser_version,
    documents.door,
    documents.archived_as,

    -- counts
    documents.line_count,
    documents.landed_rows,
    documents.quarantined_rows,

    -- time
    documents.received_at,
    documents.landed_at,

    -- state
    documents.state,
    documents.code,
    documents.message,
    documents.received_at <= {{ as_of() }} as is_known,
    coalesce(answered.is_current, false) as is_current,
    answered.superseded_by
from documents
left join answered on documents.document_id = answered.document_id
