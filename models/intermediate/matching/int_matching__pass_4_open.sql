-- What passes 1 to 3 left, with what had rivals under a key: a group may explain together what one by one is ambiguous.
with after_pass_1 as (
    select * from {{ ref('int_matching__after_pass_1') }} where not is_taken_apart
),

settled as (
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_1') }} where pair_key is not null
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_2') }} where pair_key is not null
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_3') }} where pair_key is not null
    union all
    {{ paired_ids(ref('int_matching__pass_3_fuzzy')) }}
)

select after_pass_1.*
from after_pass_1
left join settled
    on
        after_pass_1.reconciliation = settled.reconciliation
        and after_pass_1.transaction_id = settled.transaction_id
where settled.transaction_id is null
