-- In which match a candidate already stands, by which rule, and with whom: the first of the other side by id.
with best as (
    select * from {{ ref('int_matching__evidence_best') }} where taken_one = 1
),

explained as {{ read_in_place() }} (
    select * from {{ ref('int_matching__explained') }}
),

grouped as (
    select * from {{ ref('int_matching__grouped') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

taken as (
    select reconciliation, candidate_transaction_id as transaction_id
    from best
    group by reconciliation, candidate_transaction_id
),

in_pairs as (
    {% for role, other in [('left', 'right'), ('right', 'left')] %}
        select
            taken.reconciliation, taken.transaction_id,
            explained.match_id, explained.rule_id, explained.pass,
            explained.{{ other }}_transaction_id as partner_transaction_id
        from taken
        inner join explained
            on taken.reconciliation = explained.reconciliation and taken.transaction_id = explained.{{ role }}_transaction_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

in_groups as (
    select
        taken.reconciliation, taken.transaction_id,
        min(explained.match_id) as match_id,
        min(explained.rule_id) as rule_id,
        min(explained.pass) as pass,
        min(others.transaction_id) as partner_transaction_id
    from taken
    inner join grouped on taken.reconciliation = grouped.reconciliation and taken.transaction_id = grouped.transaction_id
    inner join explained on grouped.group_key = explained.group_key
    inner join grouped as others on grouped.group_key = others.group_key and grouped.role != others.role
    group by taken.reconciliation, taken.transaction_id
),

together as (
    select * from in_pairs
    union all
    select * from in_groups
)

select
    together.*,
    transactions.native_id as partner_native_id
from together
inner join transactions on together.partner_transaction_id = transactions.transaction_id
