-- What keys left open and a rule of pass 3 speaks for, with what it compares.
with after_pass_1 as (
    select * from {{ ref('int_matching__after_pass_1') }} where exclusion is null and not has_rivals and not is_taken_apart
),

decided_before as (
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_1') }}
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_2') }}
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_2_step_3') }}
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

{{ key_candidates('open_rows', pass=3, step=1, needs_key=false) }}

select
    reconciliation,
    tenant_id,
    processor,
    event_class,
    direction,
    currency,
    transaction_id,
    left_one,
    rule_id,
    compared_minor,
    business_date,
    day_number,
    key_text,
    key_value,
    customer_id,
    merchant_id,
    own_account
from candidates
