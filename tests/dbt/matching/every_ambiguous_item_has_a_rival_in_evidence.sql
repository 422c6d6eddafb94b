-- Nobody is asked to choose between rows that are not named.
{{ config(meta={'dagster': {'ref': {'name': 'match_evidence'}}}) }}

with open_items as (
    select * from {{ ref('open_items') }} where state = 'ambiguous'
),

rivals as (
    select reconciliation, transaction_id
    from {{ ref('match_evidence') }}
    where verdict = 'candidate' and is_rival
    group by reconciliation, transaction_id
)

select
    open_items.reconciliation,
    open_items.transaction_id,
    open_items.reason
from open_items
left join rivals
    on open_items.reconciliation = rivals.reconciliation and open_items.transaction_id = rivals.transaction_id
where rivals.transaction_id is null
