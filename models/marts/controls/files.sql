with deliveries as (
    select * from {{ source('ops', 'deliveries') }}
),

documents as (
    select * from {{ ref('stg_documents__register') }}
),

histories as (
    select * from {{ ref('int_controls__file_history') }}
),

-- What landed later than as_of is not yet in the books; a file that was held or rejected before it landed is one file.
arrivals as (
    select
        deliveries.*,
        max(case when deliveries.state = 'landed' then 1 else 0 end) over (partition by deliveries.document_id) as has_landed
    from deliveries
    left join documents on deliveries.document_id = documents.document_id
    where
        deliveries.received_at <= {{ as_of() }}
        and (deliveries.state != 'landed' or coalesce(documents.landed_at, deliveries.received_at) <= {{ as_of() }})
),

control_totals as (
    select * from {{ source('ops', 'control_totals') }} where is_enforced
),

-- A trailer and a manifest may say the same twice; several statements or currencies have no one total.
totals as (
    select
        document_id,
        max(case when measure = 'rows' then declared end) as declared_rows,
        max(case when measure = 'rows' then found end) as found_rows,
        min(case when measure = 'amount' then declared end) as least_declared,
        max(case when measure = 'amount' then declared end) as declared_amount,
        max(case when measure = 'amount' then found end) as found_amount,
        min(case when measure = 'amount' then currency end) as first_currency,
        max(case when measure = 'amount' then currency end) as last_currency,
        count(*) as totals_checked,
        min(case when declared = found then 1 else 0 end) = 1 as totals_agree
    from control_totals
    group by document_id
),

single_totals as (
    select * from totals where first_currency = last_currency and least_declared = declared_amount
)

select
    deliveries.delivery_id,
    deliveries.document_id,
    deliveries.tenant_id,
    deliveries.source,
    deliveries.name,
    documents.format,
    documents.sha256,
    documents.byte_count,
    documents.logical_key,
    documents.revision,
    documents.line_count as rows,
    case when deliveries.state = 'landed' then documents.landed_rows else cast(0 as bigint) end as landed,
    case when deliveries.state = 'duplicate' then cast(0 as bigint) else documents.quarantined_rows end as quarantined,
    case
        when deliveries.state = 'landed' and documents.superseded_by is not null then 'superseded'
        when deliveries.state = 'held' and documents.code = 'REJECTED_BY_HAND' then 'rejected'
        else deliveries.state
    end as state,
    case when deliveries.state = 'landed' then documents.superseded_by end as superseded_by,
    documents.code,
    documents.message,
    cast(totals.declared_rows as bigint) as declared_rows,
    cast(totals.found_rows as bigint) as found_rows,
    single_totals.first_currency as total_currency,
    cast(single_totals.declared_amount as decimal(28, 4)) as declared_amount,
    cast(single_totals.found_amount as decimal(28, 4)) as found_amount,
    cast(coalesce(totals.totals_checked, 0) as integer) as totals_checked,
    totals.totals_agree,
    deliveries.door,
    documents.archived_as,
    deliveries.received_at,
    documents.landed_at,
    histories.history,
    histories.decision,
    histories.decided_by,
    histories.decided_at,
    histories.decision_reason
from arrivals as deliveries
left join documents on deliveries.document_id = documents.document_id
left join totals on deliveries.document_id = totals.document_id
left join single_totals on deliveries.document_id = single_totals.document_id
left join histories on deliveries.document_id = histories.document_id
where deliveries.has_landed = 0 or deliveries.state in ('landed', 'duplicate')
