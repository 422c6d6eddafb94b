-- A match by rule keeps the rule's tolerance and window, takes failed rows only where the rule does, and is one to one unless a group's.
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
inner join rules on matches.rule_id = rules.rule_id and matches.rule_version = rules.rule_version
inner join failed_members on matches.match_id = failed_members.match_id
where
    not {{ within_tolerance('rules', 'matches.left_amount_minor', 'matches.right_amount_minor') }}
    or (rules.calendar = 'every_day' and not {{ within_window('rules', '0', 'matches.days_apart') }})
    or (matches.pass < 4 and matches.match_type != 'one_to_one')
    or failed_members.excluded > 0
    or (failed_members.failed > 0 and not rules.takes_failed)
