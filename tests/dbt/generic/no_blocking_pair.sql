{# Fails with every pair of `candidates` that both of its rows would rather have than what the model gave them: the match is stable.
   Two rows that both stayed alone are a tie, and no blocking pair, where a rival of one of them, alone too, comes within the rule's margin.
   - no_blocking_pair: {arguments: {candidates: ref('int_matching__pass_3_candidates')}} #}
{% test no_blocking_pair(model, candidates) %}

with candidates as (
    select reconciliation, left_transaction_id, right_transaction_id, score, margin_min
    from {{ candidates }}
    where score >= proposes_from
),

got as (
    select
        candidates.*,
        coalesce(lefts.confidence, -1) as left_got,
        coalesce(rights.confidence, -1) as right_got
    from candidates
    left join {{ model }} as lefts
        on
            candidates.reconciliation = lefts.reconciliation
            and candidates.left_transaction_id = lefts.left_transaction_id
    left join {{ model }} as rights
        on
            candidates.reconciliation = rights.reconciliation
            and candidates.right_transaction_id = rights.right_transaction_id
),

alone as (
    select * from got where left_got < 0 and right_got < 0
)

select reconciliation, left_transaction_id, right_transaction_id, score, left_got, right_got
from got
where score > left_got and score > right_got and (left_got >= 0 or right_got >= 0)
union all
select alone.reconciliation, alone.left_transaction_id, alone.right_transaction_id, alone.score, alone.left_got, alone.right_got
from alone
left join alone as of_left
    on
        alone.reconciliation = of_left.reconciliation
        and alone.left_transaction_id = of_left.left_transaction_id
        and alone.right_transaction_id != of_left.right_transaction_id
        and alone.score - alone.margin_min < of_left.score
left join alone as of_right
    on
        alone.reconciliation = of_right.reconciliation
        and alone.right_transaction_id = of_right.right_transaction_id
        and alone.left_transaction_id != of_right.left_transaction_id
        and alone.score - alone.margin_min < of_right.score
where of_left.score is null and of_right.score is null

{% endtest %}
