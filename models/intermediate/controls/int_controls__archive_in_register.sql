with listing as (
    select
        sha256,
        max(byte_count) as byte_count
    from {{ source('ops', 'archive_listing') }}
    group by sha256
),

archived_documents as (
    select
        sha256,
        min(tenant_id) as tenant_id,
        min(source) as source,
        max(byte_count) as byte_count
    from {{ source('ops', 'documents') }}
    where archived_as is not null
    group by sha256
),

files as (
    select
        coalesce(archived_documents.tenant_id, 'nobody') as tenant_id,
        coalesce(archived_documents.source, 'in the archive only') as scope,
        case when listing.byte_count = archived_documents.byte_count then 1 else 0 end as is_in_both
    from listing
    full outer join archived_documents on listing.sha256 = archived_documents.sha256
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
