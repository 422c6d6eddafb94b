-- The best candidates with what a sentence about them names: both rows, the rule, the match that took the candidate.
with best as (
    select * from {{ ref('int_matching__evidence_best') }}
),

evidence_rows as (
    select * from {{ ref('int_matching__evidence_rows') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

open_explained as (
    select * from {{ ref('int_matching__open_explained') }}
),

takers as (
    select * from {{ ref('int_matching__evidence_takers') }}
),

looked_up as (
    select
        best.*,
        subjects.tenant_id,
        subjects.currency,
        candidates.currency as candidate_currency,
        currencies.exponent,
        other_currencies.exponent as candidate_exponent,
        subjects.left_one,
        {{ tolerance_allowed('rules', 'best.left_minor', 'best.right_minor') }} as tolerance_minor,
        {% for column in ['event_class', 'direction', 'processor', 'status', 'dead_rank', 'question_rule_id', 'question_order'] %}
            subjects.{{ column }} as own_{{ column }},
            candidates.{{ column }} as other_{{ column }},
        {% endfor %}
        candidates.exclusion,
        rules.rule_version,
        rules.name as rule_name,
        rules.left_key,
        rules.right_key,
        rules.left_second_key,
        rules.right_second_key,
        rules.tolerance_base,
        rules.days_before,
        rules.days_after,
        rules.calendar,
        rules.similarity_min,
        rules.proposes_from,
        rules.margin_min,
        rules.confirms_from,
        {{ window_text('rules') }} as window_text,
        tied.native_id as tied_native_id,
        open_explained.rivals,
        open_explained.reason_code,
        takers.match_id as taken_match_id,
        takers.rule_id as taken_rule_id,
        takers.pass as taken_pass,
        takers.partner_native_id as taken_native_id
    from best
    inner join evidence_rows as subjects
        on best.reconciliation = subjects.reconciliation and best.transaction_id = subjects.transaction_id
    inner join evidence_rows as candidates
        on best.reconciliation = candidates.reconciliation and best.candidate_transaction_id = candidates.transaction_id
    inner join rules on best.rule_id = rules.rule_id
    inner join currencies on subjects.currency = currencies.currency
    inner join currencies as other_currencies on candidates.currency = other_currencies.currency
    inner join open_explained
        on best.reconciliation = open_explained.reconciliation and best.transaction_id = open_explained.transaction_id
    left join evidence_rows as tied
        on best.reconciliation = tied.reconciliation and best.tied_transaction_id = tied.transaction_id
    left join takers
        on best.reconciliation = takers.reconciliation and best.candidate_transaction_id = takers.transaction_id
)

-- What pass 3 never scored, although no other gate keeps it apart: how alike the references are.
select
    looked_up.*,
    case
        when pass = 3 and score is null and failed_count = 0 and similarity_min is not null
            then {{ text_similarity('own_key_value', 'other_key_value') }}
        else similarity
    end as likeness
from looked_up
