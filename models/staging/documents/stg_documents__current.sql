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
    received_at
from register
where is_current
