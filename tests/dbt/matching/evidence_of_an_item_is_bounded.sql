-- No item and no match has more candidates told than the bound, so that a key of thousands stays readable.
{{ config(meta={'dagster': {'ref': {'name': 'match_evidence'}}}) }}

with evidence as (
    select
        reconciliation,
        verdict,
        case when verdict = 'beaten' then match_id else transaction_id end as told_of
    from {{ ref('match_evidence') }}
    where verdict in ('candidate', 'beaten')
)

select
    reconciliation,
    verdict,
    told_of,
    count(*) as candidates
from evidence
group by reconciliation, verdict, told_of
having count(*) > {{ var('evidence_per_item') }}
