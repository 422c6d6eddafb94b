-- What a person has decided on, either way, no rule touches.
with items as (
    select * from {{ ref('int_matching__items') }}
),

decided_by_hand as (
    select * from {{ ref('int_matching__decided_by_hand') }}
)

select items.*
from items
left join decided_by_hand
    on
        items.reconciliation = decided_by_hand.reconciliation
        and items.transaction_id = decided_by_hand.transaction_id
where items.exclusion is null and decided_by_hand.transaction_id is null
