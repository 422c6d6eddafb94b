-- Rivals that are known one by one: of pass 3 by their score, of pass 4 as the parts of several sums. The first of its passes speaks
-- for a row.
with fuzzy_rivals as (
    select * from {{ ref('int_matching__fuzzy_rivals') }}
),

sum_rivals as (
    select * from {{ ref('int_matching__sum_rivals') }}
),

rival_groups as (
    select * from {{ ref('int_matching__rival_groups') }}
),

all_rivals as (
    select reconciliation, pass, rule_id, transaction_id, rival_transaction_id, key_text, score from fuzzy_rivals
    union all
    select reconciliation, pass, rule_id, transaction_id, rival_transaction_id, key_text, 0 as score from sum_rivals
),

-- A row that has rivals under a key is told by that key.
others as (
    select
        all_rivals.*,
        min(all_rivals.pass) over (partition by all_rivals.reconciliation, all_rivals.transaction_id) as first_pass
    from all_rivals
    left join rival_groups
        on
            all_rivals.reconciliation = rival_groups.reconciliation
            and all_rivals.transaction_id = rival_groups.transaction_id
    where rival_groups.transaction_id is null
)

select
    others.*,
    row_number() over (
        partition by reconciliation, transaction_id order by score desc, rival_transaction_id
    ) as place
from others
where pass = first_pass
