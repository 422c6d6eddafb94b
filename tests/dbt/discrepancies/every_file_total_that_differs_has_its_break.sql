-- A file that landed against its own binding totals, or waits because of them, is a break until a later file of its name takes its place.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with files as (
    select
        document_id,
        tenant_id,
        state,
        max(case when totals_agree then 0 else 1 end) as differs,
        max(case when state = 'landed' then received_at end) over (partition by tenant_id, source, logical_key) as good_from,
        max(received_at) as received_at
    from {{ ref('files') }}
    where state in ('landed', 'held') and totals_agree is not null
    group by document_id, tenant_id, source, logical_key, state, received_at
),

owed as (
    select document_id
    from files
    where differs = 1 and (state = 'landed' or good_from is null or good_from < received_at)
    group by document_id
),

told as (
    select _document_id as document_id
    from {{ ref('discrepancies') }}
    where kind = 'file_total_differs'
    group by _document_id
)

select owed.document_id
from owed
left join told on owed.document_id = told.document_id
where told.document_id is null
