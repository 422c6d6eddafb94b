-- Near pairs that pass 3 does not even propose, whatever their references say: only what is told of an open row asks how far they are off.
with open_rows as (
    select reconciliation, transaction_id from {{ ref('int_matching__open') }} as open_items where {{ has_candidates_told('open_items') }}
),

near as (
    select near_pairs.*
    from {{ ref('int_matching__fuzzy_near') }} as near_pairs
    left join open_rows as lefts
        on near_pairs.reconciliation = lefts.reconciliation and near_pairs.left_transaction_id = lefts.transaction_id
    left join open_rows as rights
        on near_pairs.reconciliation = rights.reconciliation and near_pairs.right_transaction_id = rights.transaction_id
    where lefts.transaction_id is not null or rights.transaction_id is not null
),

{{ scored_pairs('near', could_be=false) }}

select {{ scored_columns() }} from scored
