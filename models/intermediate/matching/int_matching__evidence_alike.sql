-- Of the pairs that pass 3 scored the best of each open item, with the margin over the next that is still open on either side.
with scored as (
    select * from {{ ref('int_matching__pass_3_candidates') }}
),

fuzzy_rivals as (
    select * from {{ ref('int_matching__fuzzy_rivals') }}
),

open_rows as (
    select * from {{ ref('int_matching__open') }} where state in {{ states_with_candidates() }}
),

both_ways as (
    select
        reconciliation, rule_id, score, similarity,
        left_transaction_id as transaction_id, right_transaction_id as candidate_transaction_id
    from scored
    union all
    select
        reconciliation, rule_id, score, similarity,
        right_transaction_id as transaction_id, left_transaction_id as candidate_transaction_id
    from scored
),

placed as (
    select
        both_ways.*,
        row_number() over (
            partition by both_ways.reconciliation, both_ways.transaction_id
            order by both_ways.score desc, both_ways.candidate_transaction_id
        ) as place
    from both_ways
    inner join open_rows
        on
            both_ways.reconciliation = open_rows.reconciliation
            and both_ways.transaction_id = open_rows.transaction_id
),

-- The next best of a row is the second for its first choice, and the first for every other.
others as (
    select
        reconciliation, transaction_id, rival_transaction_id,
        row_number() over by_score as place,
        lead(score) over by_score as second_score,
        lead(rival_transaction_id) over by_score as second_transaction_id,
        first_value(score) over by_score as first_score,
        first_value(rival_transaction_id) over by_score as first_transaction_id
    from fuzzy_rivals
    window by_score as (partition by reconciliation, transaction_id order by score desc, rival_transaction_id)
),

nexts as (
    select
        reconciliation, transaction_id, rival_transaction_id,
        coalesce(case when place = 1 then second_score else first_score end, 0) as next_score,
        case when place = 1 then second_transaction_id else first_transaction_id end as next_transaction_id
    from others
)

select
    placed.reconciliation,
    placed.transaction_id,
    placed.candidate_transaction_id,
    placed.rule_id,
    placed.score,
    placed.similarity,
    placed.score - greatest(own.next_score, opposite.next_score) as margin,
    case when own.next_score >= opposite.next_score then own.next_transaction_id else opposite.next_transaction_id end
        as tied_transaction_id
from placed
left join nexts as own
    on
        placed.reconciliation = own.reconciliation
        and placed.transaction_id = own.transaction_id
        and placed.candidate_transaction_id = own.rival_transaction_id
left join nexts as opposite
    on
        placed.reconciliation = opposite.reconciliation
        and placed.transaction_id = opposite.rival_transaction_id
        and placed.candidate_transaction_id = opposite.transaction_id
where placed.place <= {{ var('evidence_per_item') }}
