-- A match by rule keeps the rule's tolerance and window, takes failed rows only where the rule does, and is one to one.
{{ config(meta={'dagster': {'ref': {'name': 'matches'}}}) }}

with matches as (
    select * from {{ ref('matches') }} where pass > 0
),

members as (
    select * from {{ ref('match_members') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

failed_members as (
    select
        members.match_id,
        sum(case when transactions.status in ('failed', 'canceled') then 1 else 0 end) as failed,
        sum(case when transactions.has_conflict or transactions.event_type = 'unknown' then 1 else 0 end) as excluded
    from members
    inner join transactions on members.transaction_id = transactions.transaction_id
    group by members.match_id
)

select
    matches.match_id,
    matches.rule_id,
    matches.explanation
from matches
inner join rules on matches.rule_id = rules.rule_id
inner join failed_members on matches.match_id = failed_members.match_id
where
    abs(matches.difference_minor) > rules.amount_tolerance_minor
    or abs(matches.days_apart) > rules.date_window_days
    or matches.match_type != 'one_to_one'
    or failed_members.excluded > 0
    or (failed_members.failed > 0 and not rules.takes_failed)
