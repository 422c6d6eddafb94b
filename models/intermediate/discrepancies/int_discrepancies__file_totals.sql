-- Enforced totals of files that do not hold: of a file that waits for a person, or that one let in. What a later file of its key replaced,
-- or a person refused, is nobody's question any more.
with register as (
    select * from {{ ref('stg_documents__register') }} where is_known
),

replaced as (
    select tenant_id, source, logical_key, max(received_at) as received_at
    from register
    where is_current
    group by tenant_id, source, logical_key
),

open_files as (
    select register.*
    from register
    left join replaced
        on
            register.tenant_id = replaced.tenant_id
            and register.source = replaced.source
            and register.logical_key = replaced.logical_key
    where
        register.is_current
        or (
            register.state = 'held'
            and register.code is distinct from 'REJECTED_BY_HAND'
            and (replaced.received_at is null or replaced.received_at < register.received_at)
        )
),

totals as (
    select * from {{ source('ops', 'control_totals') }} where is_enforced and declared != found
)

select
    open_files.document_id,
    open_files.tenant_id,
    open_files.source,
    open_files.name,
    open_files.currency as file_currency,
    open_files.is_current,
    {{ local_date('open_files.received_at', "'UTC'") }} as received_on,
    totals.measure,
    totals.currency,
    totals.declared,
    totals.found,
    coalesce(totals.scope, 'file') || ', ' || totals.measure as what
from open_files
inner join totals on open_files.document_id = totals.document_id
