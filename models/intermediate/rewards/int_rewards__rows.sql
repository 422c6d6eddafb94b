{{ config(materialized='kept', kept_by='reading_id', readings='int_rewards__documents', tells='trans_id') }}

with documents as (
    select * from {{ ref('int_rewards__documents') }} {{ only_touched() }}
),

lines as (
    select * from {{ ref('stg_thrive_cash__events') }} {{ only_new_documents(ref('int_rewards__documents')) }}
)

select
    -- keys
    lines.tenant_id,
    lines.trans_id,
    lines.kind,
    lines.customer_id,
    lines.order_id,
    lines.reason,

    -- money
    lines.amount_minor,
    lines.currency,

    -- time
    lines.created_at,
    lines.expires_at,
    lines.business_date,

    -- origin
    documents.reading_id,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
