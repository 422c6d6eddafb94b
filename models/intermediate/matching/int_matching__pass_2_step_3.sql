with after_pass_1 as (
    select * from {{ ref('int_matching__after_pass_1') }} where exclusion is null and not has_rivals and not is_taken_apart
),

decided_before as (
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_1') }}
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_2') }}
),

open_rows as (
    select after_pass_1.*
    from after_pass_1
    left join decided_before
        on
            after_pass_1.reconciliation = decided_before.reconciliation
            and after_pass_1.transaction_id = decided_before.transaction_id
    where decided_before.transaction_id is null
),

{{ key_candidates('open_rows', pass=2, step=3) }},

{{ ruled_keys() }},

{{ paired_on_key() }}

{{ settled_rows() }}
union all
select * from decided
