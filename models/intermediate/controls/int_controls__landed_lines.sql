with documents as (
    select * from {{ source('ops', 'documents') }}
),

raw_counts as (
    select * from {{ ref('int_controls__raw_counts') }}
),

stated_rows as (
    select * from {{ source('ops', 'document_rows') }}
),

refused as (
    select
        document_id,
        count(*) as row_count
    from {{ source('ops', 'quarantine') }}
    group by document_id
),

-- Row by row of the register, so that what one file lost cannot be made up by what another has too much.
tables_of_documents as (
    select
        coalesce(stated_rows.document_id, raw_counts.document_id) as document_id,
        coalesce(stated_rows.record, raw_counts.record) as scope,
        coalesce(stated_rows.landed_rows, 0) as expected,
        coalesce(raw_counts.row_count, 0) as found
    from stated_rows
    full outer join raw_counts
        on stated_rows.document_id = raw_counts.document_id and stated_rows.record = raw_counts.record
    union all
    select
        coalesce(documents.document_id, refused.document_id) as document_id,
        'quarantine' as scope,
        coalesce(documents.quarantined_rows, 0) as expected,
        coalesce(refused.row_count, 0) as found
    from documents
    full outer join refused on documents.document_id = refused.document_id
    union all
    select
        documents.document_id,
        'register' as scope,
        documents.landed_rows as expected,
        coalesce(sum(stated_rows.landed_rows), 0) as found
    from documents
    left join stated_rows on documents.document_id = stated_rows.document_id
    group by documents.document_id, documents.landed_rows
),

measured as (
    select
        tables_of_documents.scope,
        coalesce(documents.tenant_id, 'nobody') as tenant_id,
        tables_of_documents.expected,
        tables_of_documents.found,
        case
            when documents.document_id is not null and tables_of_documents.expected = tables_of_documents.found then 1 else 0
        end as agrees
    from tables_of_documents
    left join documents on tables_of_documents.document_id = documents.document_id
)

select
    'landed_lines' as control,
    tenant_id,
    scope,
    'rows' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from measured
group by tenant_id, scope
union all
select
    'landed_lines' as control,
    tenant_id,
    scope,
    'documents' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(agrees) as decimal(28, 4)) as found
from measured
group by tenant_id, scope
