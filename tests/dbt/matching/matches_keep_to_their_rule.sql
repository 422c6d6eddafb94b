-- A match by rule keeps the rule's tolerance and window, takes failed rows only where the rule does, and is one to one unless a group's.
{{ config(meta={'dagster': {'ref': {'name': 'matches'}}}) }}

with matches as (
    select * from {{ ref('matches') }} where pass > 0
),

members as (
    select * from {{ ref('match_members') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

-- The few rows that not every rule may take.
odd_transactions as (
    select
        transaction_id,
        case when status in ('failed', 'canceled') then 1 else 0 end as failed,
        case when has_conflict or event_type = 'unknown' then 1 else 0 end as excluded
    from {{ ref('transactions') }}
    where status in ('failed', 'canceled') or has_conflict or event_type = 'unknown'
),

odd_members as (
    select
        members.match_id,
        max(odd_transactions.failed) as failed,
        max(odd_transactions.excluded) as excluded
    from members
    inner join odd_transactions on members.transaction_id = odd_transactions.transaction_id
    group by members.match_id
)

select
    matches.match_id,
    matches.rule_id,
    matches.explanation
from matches
inner join rules on matches.rule_id = rules.rule_id and matches.rule_version = rules.rule_version
left join odd_members on matches.match_id = odd_members.match_id
where
    not {{ within_tolerance('rules', 'matches.left_amount_minor', 'matches.right_amount_minor') }}
    or (rules.calendar = 'every_day' and not {{ within_window('rules', '0', 'matches.days_apart') }})
    or (matches.pass < 4 and matches.match_type != 'one_to_one')
    or odd_members.excluded > 0
    or (odd_members.failed > 0 and not rules.takes_failed)
