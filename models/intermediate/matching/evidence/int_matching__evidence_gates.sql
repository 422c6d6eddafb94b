-- Which of its rule's gates keep the two of a pair apart: 1 where it fails, 0 where it passes or is not asked.
with pairs as (
    select * from {{ ref('int_matching__evidence_pairs') }}
),

measured as (
    select * from {{ ref('int_matching__evidence_measured') }}
),

evidence_rows as (
    select * from {{ ref('int_matching__evidence_rows') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
)

select
    pairs.*,
    measured.left_minor,
    measured.right_minor,
    measured.right_day - measured.left_day as days_apart,
    measured.own_key,
    measured.other_key,
    measured.own_second_key,
    measured.other_second_key,
    measured.own_key_value,
    measured.other_key_value,
    rules.pass,
    rules.step,
    case when candidates.exclusion is null then 0 else 1 end as excluded_one,
    case when subjects.event_class = candidates.event_class then 0 else 1 end as type_one,
    case when subjects.direction = candidates.direction then 0 else 1 end as direction_one,
    case when subjects.processor = candidates.processor then 0 else 1 end as processor_one,
    case when subjects.currency = candidates.currency then 0 else 1 end as currency_one,
    case when rules.takes_failed or subjects.dead_rank + candidates.dead_rank = 0 then 0 else 1 end as status_one,
    case when candidates.is_open then 0 else 1 end as taken_one,
    case when subjects.is_taken_apart or candidates.is_taken_apart then 1 else 0 end as hand_one,
    case
        when rules.pass in (2, 3) and subjects.question_order < 100 * rules.pass + rules.step then 1
        when rules.pass in (2, 3) and candidates.question_order < 100 * rules.pass + rules.step then 1
        else 0
    end as question_one,
    case
        when rules.left_key is null or rules.pass = 3 then 0
        when coalesce(measured.has_same_key, false) then 0
        else 1
    end as key_one,
    case when rules.pass = 3 or coalesce(measured.has_same_second_key, false) then 0 else 1 end as second_key_one,
    case
        when subjects.currency != candidates.currency or rules.pass = 4 then 0
        when {{ within_tolerance('rules', 'measured.left_minor', 'measured.right_minor') }} then 0
        else 1
    end as amount_one,
    case when {{ within_window('rules', 'measured.left_day', 'measured.right_day') }} then 0 else 1 end as days_one,
    case when rules.pass = 3 and pairs.score < rules.proposes_from then 1 else 0 end as score_one,
    case
        when rules.pass = 3 and pairs.score >= rules.proposes_from and pairs.margin < rules.margin_min then 1
        else 0
    end as margin_one,
    case when rules.pass = 4 and pairs.rival_one = 0 then 1 else 0 end as group_one
from pairs
inner join measured
    on
        pairs.reconciliation = measured.reconciliation
        and pairs.transaction_id = measured.transaction_id
        and pairs.candidate_transaction_id = measured.candidate_transaction_id
inner join evidence_rows as subjects
    on pairs.reconciliation = subjects.reconciliation and pairs.transaction_id = subjects.transaction_id
inner join evidence_rows as candidates
    on pairs.reconciliation = candidates.reconciliation and pairs.candidate_transaction_id = candidates.transaction_id
inner join rules on pairs.rule_id = rules.rule_id
