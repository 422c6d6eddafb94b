-- Pairs good enough to be proposed of which no pair was the best by its rule's margin: each row of them could be several.
with candidates as (
    select * from {{ ref('int_matching__pass_3_candidates') }} where score >= proposes_from
),

unmatched as (
    select * from {{ ref('int_matching__unmatched') }}
),

left_open as (
    select candidates.*
    from candidates
    inner join unmatched as lefts
        on candidates.reconciliation = lefts.reconciliation and candidates.left_transaction_id = lefts.transaction_id
    inner join unmatched as rights
        on candidates.reconciliation = rights.reconciliation and candidates.right_transaction_id = rights.transaction_id
)

select
    reconciliation, pass, rule_id, score,
    left_transaction_id as transaction_id,
    right_transaction_id as rival_transaction_id,
    left_key_text as key_text
from left_open
union all
select
    reconciliation, pass, rule_id, score,
    right_transaction_id as transaction_id,
    left_transaction_id as rival_transaction_id,
    right_key_text as key_text
from left_open
