with documents as (
    select * from {{ ref('stg_documents__register') }}
    where is_known and state in ('landed', 'held') and sequence_number is not null
),

-- A version sent again has the number of the first one; a resend has none and is not here.
numbers as (
    select
        tenant_id,
        source,
        coalesce(sequence_scope, '') as sequence_scope,
        sequence_number,
        min(received_at) as received_at,
        min(name) as name
    from documents
    group by tenant_id, source, coalesce(sequence_scope, ''), sequence_number
),

followed as (
    select
        numbers.*,
        lag(sequence_number) over in_scope as number_before,
        lag(name) over in_scope as name_before
    from numbers
    window in_scope as (partition by tenant_id, source, sequence_scope order by sequence_number)
)

select
    {{ key_hash('gap', ['tenant_id', 'source', 'sequence_scope', 'sequence_number']) }} as file_gap_id,
    tenant_id,
    cast(source as {{ dbt.type_string() }}) as source,
    cast(sequence_scope as {{ dbt.type_string() }}) as sequence_scope,
    cast(number_before + 1 as bigint) as first_missing,
    cast(sequence_number - 1 as bigint) as last_missing,
    cast(sequence_number - number_before - 1 as bigint) as missing_count,
    cast(name_before as {{ dbt.type_string() }}) as file_before,
    cast(name as {{ dbt.type_string() }}) as file_after,
    received_at as known_since
from followed
where sequence_number > number_before + 1
