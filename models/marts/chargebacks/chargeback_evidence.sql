with registered as (
    select * from {{ source('ops', 'chargeback_evidence') }}
)

select
    cast(evidence_id as {{ dbt.type_string() }}) as evidence_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(chargeback_id as {{ dbt.type_string() }}) as chargeback_id,
    cast(sha256 as {{ dbt.type_string() }}) as sha256,
    cast(name as {{ dbt.type_string() }}) as name,
    cast(byte_count as bigint) as byte_count,
    cast(note as {{ dbt.type_string() }}) as note,
    cast(added_by as {{ dbt.type_string() }}) as added_by,
    cast(added_at as timestamp) as added_at,
    cast(archived_as as {{ dbt.type_string() }}) as archived_as
from registered
where added_at <= {{ as_of() }}
