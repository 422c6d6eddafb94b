-- The members of a match have one tenant, one currency and, unless a person decided, one processor, one direction and one event class.
{{ config(meta={'dagster': {'ref': {'name': 'matches'}}}) }}

with members as (
    select * from {{ ref('match_members') }}
),

matches as (
    select * from {{ ref('matches') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

classes as (
    select
        reconciliation,
        role,
        side,
        event_type,
        min(event_class) as event_class
    from {{ ref('reconciliation_scopes') }}
    group by reconciliation, role, side, event_type
)

select
    matches.match_id,
    count(*) as members
from matches
inner join members on matches.match_id = members.match_id
inner join transactions on members.transaction_id = transactions.transaction_id
inner join classes
    on
        members.reconciliation = classes.reconciliation
        and members.role = classes.role
        and transactions.side = classes.side
        and transactions.event_type = classes.event_type
group by matches.match_id, matches.pass, matches.tenant_id, matches.currency
having
    count(distinct transactions.tenant_id) > 1
    or min(transactions.tenant_id) != matches.tenant_id
    or count(distinct transactions.currency) > 1
    or min(transactions.currency) != matches.currency
    or (matches.pass > 0 and count(distinct coalesce(transactions.processor, '')) != 1)
    or (matches.pass between 1 and 3 and count(distinct classes.event_class) != 1)
