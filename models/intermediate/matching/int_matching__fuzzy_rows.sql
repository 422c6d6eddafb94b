-- What keys left open and a rule of pass 3 speaks for, and what it compares.
with {{ open_rows(['pass_2_step_1', 'pass_2_step_2', 'pass_2_step_3']) }},

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
