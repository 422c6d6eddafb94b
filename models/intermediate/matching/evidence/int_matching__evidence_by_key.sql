-- Rows of the two sides that carry one key, whatever else keeps them apart.
with keys as (
    select * from {{ ref('int_matching__evidence_keys') }}
)

select
    subjects.reconciliation,
    subjects.transaction_id,
    candidates.transaction_id as candidate_transaction_id,
    subjects.rule_id
from keys as subjects
inner join keys as candidates
    on
        subjects.key_value = candidates.key_value
        and subjects.rule_id = candidates.rule_id
        and subjects.reconciliation = candidates.reconciliation
        and subjects.tenant_id = candidates.tenant_id
        and subjects.role != candidates.role
where subjects.is_asked and candidates.place <= {{ var('evidence_rows_per_key') }}
union all
select
    subjects.reconciliation,
    subjects.transaction_id,
    candidates.transaction_id as candidate_transaction_id,
    subjects.rule_id
from keys as subjects
inner join keys as candidates
    on
        subjects.key_value = candidates.key_value
        and subjects.amount_minor = candidates.amount_minor
        and subjects.rule_id = candidates.rule_id
        and subjects.reconciliation = candidates.reconciliation
        and subjects.tenant_id = candidates.tenant_id
        and subjects.role != candidates.role
where
    subjects.is_asked
    and candidates.place > {{ var('evidence_rows_per_key') }}
    and candidates.place_of_amount <= {{ var('evidence_per_item') }}
