-- Each match has its evidence, no gate failed, and the numbers told are within the limits told.
{{ config(meta={'dagster': {'ref': {'name': 'match_evidence'}}}) }}

with matches as (
    select count(*) as matches from {{ ref('matches') }}
),

evidence as (
    select
        match_id,
        why,
        coalesce(key_passed, true)
        and coalesce(amount_passed, true)
        and coalesce(days_passed, true)
        and coalesce(score_passed, true)
        and coalesce(margin_passed, true)
        and coalesce(abs(difference_minor) <= tolerance_minor, true)
        and coalesce(days_apart <= days_after, true)
        and coalesce(days_apart >= -days_before, true)
        and coalesce(score >= score_min, true)
        and coalesce(margin >= margin_min, true)
        and (verdict = 'proposed') = (confidence < confirms_from) as has_passed
    from {{ ref('match_evidence') }}
    where verdict in ('matched', 'proposed')
),

counted as (
    select
        count(*) as told,
        sum(case when has_passed then 0 else 1 end) as failed,
        min(case when not has_passed then match_id end) as first_failed
    from evidence
)

select
    matches.matches,
    counted.told,
    counted.failed,
    counted.first_failed
from matches
inner join counted on matches.matches != counted.told or counted.failed > 0
