-- Amounts, counts and the stated difference of a match are those of its members, each signed for its reconciliation; both sides are there.
{{ config(meta={'dagster': {'ref': {'name': 'matches'}}}) }}

with matches as {{ read_in_place() }} (
    select * from {{ ref('matches') }}
),

members as (
    select * from {{ ref('match_members') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

sums as (
    select
        members.match_id,
        sum(case when members.role = 'left' then 1 else 0 end) as left_count,
        sum(case when members.role = 'right' then 1 else 0 end) as right_count,
        sum(
            case when members.role = 'left' then reconciliations.left_sign else 0 end
            * case when rules.amount_basis in ('left_net', 'both_net') then transactions.net_minor else transactions.amount_minor end
        ) as left_minor,
        sum(
            case when members.role = 'right' then reconciliations.right_sign else 0 end
            * case when rules.amount_basis in ('right_net', 'both_net') then transactions.net_minor else transactions.amount_minor end
        ) as right_minor
    from members
    inner join matches on members.match_id = matches.match_id
    inner join rules on matches.rule_id = rules.rule_id and matches.rule_version = rules.rule_version
    inner join transactions on members.transaction_id = transactions.transaction_id
    inner join reconciliations on members.reconciliation = reconciliations.reconciliation
    group by members.match_id
)

select
    coalesce(matches.match_id, sums.match_id) as match_id,
    sums.left_minor,
    sums.right_minor,
    matches.difference_minor
from matches
full outer join sums on matches.match_id = sums.match_id
where
    matches.match_id is null
    or sums.match_id is null
    or sums.left_count = 0
    or sums.right_count = 0
    or matches.left_count != sums.left_count
    or matches.right_count != sums.right_count
    or matches.left_amount_minor != sums.left_minor
    or matches.right_amount_minor != sums.right_minor
    or matches.difference_minor != sums.right_minor - sums.left_minor
