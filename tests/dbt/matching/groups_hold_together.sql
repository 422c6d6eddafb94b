-- A group of pass 4 keeps to its rule member by member: every right lies within the window of every left, and what stands together
-- may stand together: one class, or what the scopes let into one group. Days are counted where every day counts.
{{ config(meta={'dagster': {'ref': {'name': 'matches'}}}) }}

with matches as (
    select * from {{ ref('matches') }} where pass = 4
),

members as (
    select members.*
    from {{ ref('match_members') }} as members
    inner join matches on members.match_id = matches.match_id
),

transactions as (
    select * from {{ ref('transactions') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

classes as (
    select
        reconciliation,
        role,
        side,
        event_type,
        min(event_class) as event_class,
        min(group_class) as group_class
    from {{ ref('reconciliation_scopes') }}
    where tenant_id = '*'
    group by reconciliation, role, side, event_type
),

sides as (
    select
        members.match_id,
        count(*) as members,
        min(case members.role when 'left' then transactions.business_date end) as first_left,
        max(case members.role when 'left' then transactions.business_date end) as last_left,
        min(case members.role when 'right' then transactions.business_date end) as first_right,
        max(case members.role when 'right' then transactions.business_date end) as last_right,
        count(distinct classes.event_class) as event_classes,
        count(distinct classes.group_class) as group_classes
    from members
    inner join transactions on members.transaction_id = transactions.transaction_id
    inner join classes
        on
            members.reconciliation = classes.reconciliation
            and members.role = classes.role
            and transactions.side = classes.side
            and transactions.event_type = classes.event_type
    group by members.match_id
)

select
    matches.match_id,
    matches.rule_id,
    sides.members,
    sides.event_classes,
    sides.group_classes
from matches
inner join rules on matches.rule_id = rules.rule_id and matches.rule_version = rules.rule_version
left join sides on matches.match_id = sides.match_id
where
    sides.match_id is null
    or sides.members < 3
    or sides.group_classes != 1
    or (sides.event_classes != 1 and not rules.mixes_classes)
    or (
        rules.calendar = 'every_day'
        and (
            not {{ within_window('rules', '0', days_between('sides.last_left', 'sides.first_right')) }}
            or not {{ within_window('rules', '0', days_between('sides.first_left', 'sides.last_right')) }}
        )
    )
