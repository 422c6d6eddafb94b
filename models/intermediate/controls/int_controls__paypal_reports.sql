-- The totals of a PayPal report that came in several files: each file's report footers (RF, RC) count the files before it too. They
-- are compared once those are all there; until then the report is not whole.
with files as (
    select document_id, tenant_id, source, sequence_scope, sequence_number
    from {{ ref('stg_documents__register') }}
    where is_current and source = 'paypal' and sequence_number is not null and door is distinct from 'released'
),

totals as (
    select
        files.tenant_id,
        files.source,
        files.sequence_scope,
        files.sequence_number,
        control_totals.document_id,
        control_totals.scope,
        control_totals.currency,
        control_totals.declared,
        control_totals.found
    from {{ source('ops', 'control_totals') }} as control_totals
    inner join files on control_totals.document_id = files.document_id
),

declared as (
    select
        totals.*,
        case when scope in ('RF', 'RC') then 'rows' else replace(scope, 'RF ', '') end as what
    from totals
    where (scope in ('RF', 'RC') or scope like 'RF %') and scope not like '%balance' and sequence_number > 1
),

-- what each file holds itself: its rows by FF, its money by its sections, or that those do not say all
parts as (
    select tenant_id, source, sequence_scope, sequence_number, currency, 'rows' as what, found, 0 as is_unsure
    from totals
    where scope = 'FF'
    union all
    select
        tenant_id, source, sequence_scope, sequence_number, currency,
        substring(scope, {{ dbt.position("'(SF) '", 'scope') }} + 5) as what, found, 0 as is_unsure
    from totals
    where scope like 'section % (SF) %' and scope not like '%balance'
    {% for what in ['gross credits', 'gross debits', 'fee credits', 'fee debits'] %}
        union all
        select tenant_id, source, sequence_scope, sequence_number, currency, '{{ what }}' as what, 0 as found, 1 as is_unsure
        from totals
        where scope like 'section % (no SF)'
    {% endfor %}
),

present as (
    select later.document_id, count(distinct files.sequence_number) as file_count
    from files as later
    inner join files
        on
            later.tenant_id = files.tenant_id
            and later.source = files.source
            and later.sequence_scope = files.sequence_scope
            and later.sequence_number >= files.sequence_number
    group by later.document_id
)

select
    declared.document_id,
    declared.tenant_id,
    declared.source,
    declared.sequence_scope as report,
    declared.scope,
    declared.currency,
    declared.declared,
    cast(coalesce(sum(parts.found), 0) as decimal(38, 9)) as found,
    case
        when present.file_count < declared.sequence_number then 'file missing'
        when max(parts.is_unsure) = 1 then 'unsure'
        else 'whole'
    end as state
from declared
inner join present on declared.document_id = present.document_id
left join parts
    on
        declared.tenant_id = parts.tenant_id
        and declared.source = parts.source
        and declared.sequence_scope = parts.sequence_scope
        and declared.sequence_number >= parts.sequence_number
        and declared.what = parts.what
        and declared.currency is not distinct from parts.currency
group by
    declared.document_id, declared.tenant_id, declared.source, declared.sequence_scope, declared.scope, declared.currency,
    declared.declared, declared.sequence_number, present.file_count
