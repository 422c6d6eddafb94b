-- Of the pairs that pass 3 scored the best of each open item, with the margin over the next that is still open on either side.
with scored as (
    select reconciliation, rule_id, score, similarity, left_transaction_id, right_transaction_id
    from {{ ref('int_matching__pass_3_candidates') }}
    union all
    select reconciliation, rule_id, score, similarity, left_transaction_id, right_transaction_id
    from {{ ref('int_matching__pass_3_unlikely') }}
),

fuzzy_rivals as (
    select * from {{ ref('int_matching__fuzzy_rivals') }}
),

open_rows as (
    select * from {{ ref('int_matching__open') }} as open_items where {{ has_candidates_told('open_items') }}
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
rivals_placed as (
    select
        reconciliation, transaction_id, rival_transaction_id, score,
        row_number() over (
            partition by reconciliation, transaction_id order by score desc, rival_transaction_id
        ) as place
    from fuzzy_rivals
),

nexts as (
    select
        rivals.reconciliation, rivals.transaction_id, rivals.rival_transaction_id,
        coalesce(others.score, 0) as next_score,
        others.rival_transaction_id as next_transaction_id
    from rivals_placed as rivals
    left join rivals_placed as others
        on
            rivals.reconciliation = others.reconciliation
            and rivals.transaction_id = others.transaction_id
            and others.place = case rivals.place when 1 then 2 else 1 end
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
