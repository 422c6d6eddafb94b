-- A total that a person overruled by releasing the file is no longer promised; the register keeps its message.
with documents as (
    select * from {{ source('ops', 'documents') }} where state = 'landed' and door is distinct from 'released'
),

control_totals as (
    select * from {{ source('ops', 'control_totals') }} where is_enforced
),

totals as (
    select documents.tenant_id, documents.source, control_totals.declared, control_totals.found
    from control_totals
    inner join documents on control_totals.document_id = documents.document_id
    union all
    -- what the last of several files says of all of them, once they are there
    select tenant_id, source, declared, found
    from {{ ref('int_controls__paypal_reports') }}
    where state = 'whole'
)

select
    'declared_totals' as control,
    tenant_id,
    source as scope,
    'totals' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when declared = found then 1 else 0 end) as decimal(28, 4)) as found
from totals
group by tenant_id, source
