-- A dispute is called otherwise once a better report came: its documents follow it by whatever else it was called when they came, where
-- that names one dispute. Bytes that were registered for both are one document.
with registered as (
    select * from {{ source('ops', 'chargeback_evidence') }} where added_at <= {{ as_of() }}
),

names as (
    select tenant_id, chargeback_id, 1 as nearness, 'id' as kind, chargeback_id as name
    from {{ ref('int_chargebacks__told') }}
    union
    select tenant_id, chargeback_id, 2 as nearness, 'transaction' as kind, transaction_id as name
    from {{ ref('int_chargebacks__cases') }}
    where transaction_id is not null
    union
    select tenant_id, chargeback_id, 3 as nearness, 'dispute' as kind, dispute_ref as name
    from {{ ref('int_chargebacks__told') }}
    union
    select tenant_id, chargeback_id, 4 as nearness, 'reference' as kind, reference as name
    from {{ ref('int_chargebacks__told') }}
    where reference is not null
),

called as (
    {% for kind, column in [
        ('id', 'chargeback_id'), ('transaction', 'transaction_id'), ('dispute', 'dispute_ref'), ('reference', 'reference')
    ] %}
        select evidence_id, tenant_id, '{{ kind }}' as kind, {{ column }} as name from registered {{ 'union all' if not loop.last }}
    {% endfor %}
),

found as (
    select called.evidence_id, names.nearness, min(names.chargeback_id) as chargeback_id
    from called
    inner join names on called.tenant_id = names.tenant_id and called.kind = names.kind and called.name = names.name
    group by called.evidence_id, names.nearness
    having count(*) = 1
),

nearest as (
    select
        found.*,
        row_number() over (partition by evidence_id order by nearness) as place
    from found
),

placed as (
    select
        registered.*,
        coalesce(nearest.chargeback_id, registered.chargeback_id) as belongs_to,
        row_number() over (
            partition by registered.tenant_id, coalesce(nearest.chargeback_id, registered.chargeback_id), registered.sha256
            order by registered.added_at, {{ bytewise('registered.evidence_id') }}
        ) as copy_number
    from registered
    left join nearest on registered.evidence_id = nearest.evidence_id and nearest.place = 1
)

select
    cast(evidence_id as {{ dbt.type_string() }}) as evidence_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(belongs_to as {{ dbt.type_string() }}) as chargeback_id,
    cast(chargeback_id as {{ dbt.type_string() }}) as registered_for,
    cast(sha256 as {{ dbt.type_string() }}) as sha256,
    cast(name as {{ dbt.type_string() }}) as name,
    cast(byte_count as bigint) as byte_count,
    cast(note as {{ dbt.type_string() }}) as note,
    cast(added_by as {{ dbt.type_string() }}) as added_by,
    cast(added_at as timestamp) as added_at,
    cast(archived_as as {{ dbt.type_string() }}) as archived_as
from placed
where copy_number = 1
