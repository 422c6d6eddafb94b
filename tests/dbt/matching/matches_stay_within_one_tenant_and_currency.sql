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
    -- least and greatest, because distinct values of a million groups are dear to count
    min(transactions.tenant_id) != max(transactions.tenant_id)
    or min(transactions.tenant_id) != matches.tenant_id
    or min(transactions.currency) != max(transactions.currency)
    or min(transactions.currency) != matches.currency
    or (matches.pass > 0 and min(coalesce(transactions.processor, '')) != max(coalesce(transactions.processor, '')))
    or (matches.pass between 1 and 3 and coalesce(min(classes.event_class) != max(classes.event_class), true))
