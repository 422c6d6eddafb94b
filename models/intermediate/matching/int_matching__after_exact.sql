-- Most rows end here: an exact id settled them. What is left is read by every later step, so the many are left out once.
with items as (
    select * from {{ ref('int_matching__items') }}
),

settled as (
    {{ paired_ids(ref('int_matching__pass_0_by_hand')) }}
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_0_groups') }}
    union all
    {{ paired_ids(ref('int_matching__pass_1_exact')) }}
),

decided_by_hand as (
    select * from {{ ref('int_matching__decided_by_hand') }}
)

select
    items.*,
    decided_by_hand.transaction_id is not null as is_taken_apart
from items
left join settled on items.reconciliation = settled.reconciliation and items.transaction_id = settled.transaction_id
left join decided_by_hand
    on items.reconciliation = decided_by_hand.reconciliation and items.transaction_id = decided_by_hand.transaction_id
where settled.transaction_id is null
