-- A total that a person overruled by releasing the file is no longer promised; the register keeps its message.
with documents as (
    select * from {{ source('ops', 'documents') }} where state = 'landed' and door is distinct from 'released'
),

control_totals as (
    select * from {{ source('ops', 'control_totals') }} where is_enforced
)

select
    'declared_totals' as control,
    documents.tenant_id,
    documents.source as scope,
    'totals' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when control_totals.declared = control_totals.found then 1 else 0 end) as decimal(28, 4)) as found
from control_totals
inner join documents on control_totals.document_id = documents.document_id
group by documents.tenant_id, documents.source
