-- File by file: the same bytes may lie in the archive for two sources, and one of them may be lost.
with listing as (
    select
        archived_as,
        max(byte_count) as byte_count
    from {{ source('ops', 'archive_listing') }}
    group by archived_as
),

registered as (
    select archived_as, tenant_id, source, byte_count from {{ source('ops', 'documents') }}
    union all
    select archived_as, tenant_id, 'evidence of disputes' as source, byte_count from {{ source('ops', 'chargeback_evidence') }}
),

archived_documents as (
    select
        archived_as,
        min(tenant_id) as tenant_id,
        min(source) as source,
        max(byte_count) as byte_count
    from registered
    where archived_as is not null
    group by archived_as
),

files as (
    select
        coalesce(archived_documents.tenant_id, 'nobody') as tenant_id,
        coalesce(archived_documents.source, 'in the archive only') as scope,
        case when listing.byte_count = archived_documents.byte_count then 1 else 0 end as is_in_both
    from listing
    full outer join archived_documents on listing.archived_as = archived_documents.archived_as
)

select
    'archive_in_register' as control,
    tenant_id,
    scope,
    'files' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(is_in_both) as decimal(28, 4)) as found
from files
group by tenant_id, scope
