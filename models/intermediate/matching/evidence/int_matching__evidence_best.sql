-- The best candidates of each item: its rivals, then what fewest gates keep apart, then the nearest in amount and days.
with gates as (
    select * from {{ ref('int_matching__evidence_gates') }}
),

counted as (
    select
        gates.*,
        excluded_one + type_one + direction_one + processor_one + currency_one + status_one as unlike_count,
        excluded_one + type_one + direction_one + processor_one + currency_one + status_one + taken_one + hand_one + question_one
        + key_one + second_key_one + amount_one + days_one + score_one + margin_one + group_one as failed_count
    from gates
),

placed as (
    select
        counted.*,
        row_number() over (
            partition by reconciliation, transaction_id
            order by
                rival_one desc, unlike_count, failed_count, currency_one, abs(right_minor - left_minor), abs(days_apart),
                pass, step, score desc nulls last, candidate_transaction_id
        ) as place
    from counted
)

select *
from placed
where place <= {{ var('evidence_per_item') }}
