-- Groups that a person confirmed.
with {{ rows_by_hand('> 2') }}

select
    reconciliation,
    pass,
    rule_id,
    rule_version,
    confidence,
    tenant_id,
    processor,
    currency,
    transaction_id,
    role,
    amount_minor,
    business_date,
    pair_key as group_key,
    key_text,
    basis
from sides
