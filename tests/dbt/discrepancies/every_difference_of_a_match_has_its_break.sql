-- A match whose amounts differ is an amount_differs break of just that much; one whose amounts agree is none, and of a proposal
-- proposed_match tells it.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with matches as (
    select * from {{ ref('matches') }} where difference_minor != 0 and status = 'matched'
),

discrepancies as (
    select * from {{ ref('discrepancies') }} where kind = 'amount_differs'
)

select
    coalesce(matches.match_id, discrepancies.match_id) as match_id,
    matches.difference_minor,
    discrepancies.difference_minor as reported_minor
from matches
full outer join discrepancies on matches.match_id = discrepancies.match_id
where
    matches.match_id is null
    or discrepancies.match_id is null
    or matches.difference_minor != discrepancies.difference_minor
