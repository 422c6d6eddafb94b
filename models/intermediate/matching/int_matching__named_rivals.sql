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

unmatched as (
    select * from {{ ref('int_matching__unmatched') }}
),

open_groups as (
    select rival_groups.*
    from rival_groups
    inner join unmatched
        on
            rival_groups.reconciliation = unmatched.reconciliation
            and rival_groups.transaction_id = unmatched.transaction_id
),

two_sided as (
    select group_key, stretch
    from open_groups
    group by group_key, stretch
    having min(role) != max(role)
),

-- A row that still has rivals under a key is told by that key.
told_by_key as (
    select open_groups.reconciliation, open_groups.transaction_id
    from open_groups
    inner join two_sided on open_groups.group_key = two_sided.group_key and open_groups.stretch = two_sided.stretch
),

others as (
    select
        all_rivals.*,
        min(all_rivals.pass) over (partition by all_rivals.reconciliation, all_rivals.transaction_id) as first_pass
    from all_rivals
    left join told_by_key
        on
            all_rivals.reconciliation = told_by_key.reconciliation
            and all_rivals.transaction_id = told_by_key.transaction_id
    where told_by_key.transaction_id is null
)

select
    others.*,
    row_number() over (
        partition by reconciliation, transaction_id order by score desc, rival_transaction_id
    ) as place
from others
where pass = first_pass
