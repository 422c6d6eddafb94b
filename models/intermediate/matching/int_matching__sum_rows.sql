-- What the group step left, with what a rule of the sum step compares. A rule without a key sums what one processor reported.
with open_rows as (
    select pass_4_open.*
    from {{ ref('int_matching__pass_4_open') }} as pass_4_open
    left join {{ ref('int_matching__pass_4_groups') }} as grouped
        on
            pass_4_open.reconciliation = grouped.reconciliation
            and pass_4_open.transaction_id = grouped.transaction_id
    where grouped.transaction_id is null and pass_4_open.exclusion is null
),

{{ key_candidates('open_rows', pass=4, step=2, needs_key=false) }},

rules as (
    select * from {{ ref('int_matching__rules') }}
)

select
    candidates.*,
    rules.rule_version,
    rules.confidence,
    coalesce({{ normalised_reference('candidates.reference') }}, '') as reference_form,
    {{ key_hash('sum', [
        'candidates.rule_id', 'candidates.tenant_id', 'candidates.processor', 'candidates.event_class', 'candidates.currency',
        'candidates.direction', "case when rules.left_key is not null then candidates.key_value end",
        "case when rules.left_key is not null then candidates.second_key_value end"
    ]) }} as block_key
from candidates
inner join rules on candidates.rule_id = rules.rule_id
where
    (rules.left_key is null or (candidates.key_value is not null and candidates.second_key_value is not null))
    -- nothing is no part of a sum, nor what its fee turns around
    and candidates.direction != 0
    and sign(candidates.compared_minor) = candidates.direction
