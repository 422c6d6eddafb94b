with current_documents as (
    select * from {{ ref('stg_documents__current') }}
),

raw_money as (
    select * from {{ ref('int_controls__raw_money') }}
),

-- By the document's tenant on both sides: a row may name a tenant of its own.
figures as (
    select
        record,
        document_id,
        'rows' as measure,
        cast(null as {{ dbt.type_string() }}) as currency,
        row_count as expected,
        0 as found
    from {{ ref('int_controls__raw_counts') }}
    union all
    select
        record,
        document_id,
        'rows' as measure,
        cast(null as {{ dbt.type_string() }}) as currency,
        0 as expected,
        row_count as found
    from {{ ref('int_controls__staged_counts') }}
    union all
    select
        record,
        document_id,
        'amount' as measure,
        currency,
        sum(amount * minor_unit_factor * row_count) as expected,
        0 as found
    from raw_money
    group by record, document_id, currency
    union all
    select
        record,
        document_id,
        'amount' as measure,
        currency,
        0 as expected,
        sum(amount_minor) as found
    from {{ ref('int_controls__staged_money') }}
    group by record, document_id, currency
)

select
    'staged_rows' as control,
    current_documents.tenant_id,
    figures.record as scope,
    figures.measure,
    figures.currency,
    cast(sum(figures.expected) as decimal(28, 4)) as expected,
    cast(sum(figures.found) as decimal(28, 4)) as found
from figures
inner join current_documents on figures.document_id = current_documents.document_id
group by current_documents.tenant_id, figures.record, figures.measure, figures.currency
