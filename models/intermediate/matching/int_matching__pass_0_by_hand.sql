with decided_by_hand as (
    select * from {{ ref('int_matching__decided_by_hand') }}
),

rules as (
    select * from {{ ref('match_rules') }}
)

select
    decided_by_hand.reconciliation,
    rules.pass,
    rules.rule_id,
    decided_by_hand.transaction_id,
    decided_by_hand.role,
    decided_by_hand.decision_key as group_key,
    0 as stretch,
    cast(null as {{ dbt.type_string() }}) as key_text,
    decided_by_hand.decision_key as pair_key,
    'by ' || decided_by_hand.decided_by
    || ' on ' || cast(cast(decided_by_hand.decided_at as date) as {{ dbt.type_string() }})
    || ': ' || decided_by_hand.reason as basis
from decided_by_hand
inner join rules on decided_by_hand.reconciliation = rules.reconciliation
where rules.pass = 0 and decided_by_hand.verdict = 'matched'
