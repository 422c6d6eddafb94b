-- A mart of its own and not columns on `files`: only card files have a merchant, a kind, a number and a period, and the page
-- of all files stays readable without columns that are empty for every other source.
with

documents as (
    select * from {{ ref('stg_documents__register') }} where source in ('unica', 'cielo', 'rede')
),

headers as (
    select
        _document_id,
        'extrato' as file_type,
        establishment,
        cast(null as bigint) as sequence_number,
        movement_id as file_reference,
        false as is_resend,
        file_date,
        file_date as period_start,
        file_date as period_end,
        _source_line
    from {{ ref('stg_unica__files') }}
    union all
    select
        _document_id,
        file_type,
        establishment,
        sequence_number,
        cast(sequence_number as {{ dbt.type_string() }}) as file_reference,
        is_resend,
        processing_date as file_date,
        period_start,
        period_end,
        _source_line
    from {{ ref('stg_cielo__files') }}
    union all
    select
        _document_id,
        file_type,
        establishment,
        sequence_number,
        cast(sequence_number as {{ dbt.type_string() }}) as file_reference,
        false as is_resend,
        emission_date as file_date,
        coalesce(movement_date, emission_date) as period_start,
        emission_date as period_end,
        _source_line
    from {{ ref('stg_rede__files') }}
),

first_headers as (
    select headers.*, row_number() over (partition by _document_id order by _source_line) as place
    from headers
),

totals as (
    select
        document_id,
        max(case when scope = 'trailer' and measure = 'rows' then declared end) as declared_lines,
        max(case when scope = 'trailer' and measure = 'rows' then found end) as found_lines,
        count(*) as totals_declared,
        sum(case when declared = found then 1 else 0 end) as totals_that_agree
    from {{ source('ops', 'control_totals') }}
    group by document_id
)

select
    cast(documents.document_id as {{ dbt.type_string() }}) as document_id,
    cast(documents.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(documents.source as {{ dbt.type_string() }}) as acquirer,
    cast(documents.source_account as {{ dbt.type_string() }}) as source_account,
    cast(documents.name as {{ dbt.type_string() }}) as file_name,
    cast(first_headers.file_type as {{ dbt.type_string() }}) as file_type,
    cast(first_headers.establishment as {{ dbt.type_string() }}) as establishment,
    cast(first_headers.sequence_number as bigint) as sequence_number,
    cast(first_headers.file_reference as {{ dbt.type_string() }}) as file_reference,
    cast(first_headers.is_resend as boolean) as is_resend,
    cast(first_headers.file_date as date) as file_date,
    cast(first_headers.period_start as date) as period_start,
    cast(first_headers.period_end as date) as period_end,
    cast(documents.landed_rows as bigint) as landed_rows,
    cast(documents.quarantined_rows as bigint) as quarantined_rows,
    cast(totals.declared_lines as bigint) as declared_lines,
    cast(totals.found_lines as bigint) as found_lines,
    cast(coalesce(totals.totals_declared, 0) as integer) as totals_declared,
    cast(coalesce(totals.totals_that_agree, 0) as integer) as totals_that_agree,
    cast(
        case when documents.superseded_by is not null then 'superseded' else documents.state end as {{ dbt.type_string() }}
    ) as state,
    cast(documents.code as {{ dbt.type_string() }}) as code,
    cast(documents.message as {{ dbt.type_string() }}) as message,
    cast(documents.superseded_by as {{ dbt.type_string() }}) as superseded_by,
    cast(documents.received_at as timestamp) as received_at
from documents
left join first_headers on documents.document_id = first_headers._document_id and first_headers.place = 1
left join totals on documents.document_id = totals.document_id
where documents.is_known
