with

register as (
    select * from {{ ref('stg_documents__register') }}
)

select
    document_id,
    tenant_id,
    source,
    format,
    name,
    logical_key,
    time_zone,
    currency,
    source_account,
    -- an answer of a database or an interface shows rows as they stood then; a file says what is so
    door like 'sql:%' or door like 'rest:%' as is_polled,
    received_at
from register
where is_current
