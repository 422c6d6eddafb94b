-- Everything a reconciliation compares that pass 0 and pass 1 did not match: the later passes read nothing else.
with items as (
    select * from {{ ref('int_matching__items') }}
),

settled as (
    {{ paired_ids(ref('int_matching__pass_0_by_hand')) }}
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_0_groups') }}
    union all
    {{ paired_ids(ref('int_matching__pass_1_exact')) }}
    union all
    select reconciliation, transaction_id from {{ ref('int_matching__pass_1_crowded') }} where pair_key is not null
),

decided_by_hand as (
    select * from {{ ref('int_matching__decided_by_hand') }}
),

rivals as (
    select * from {{ ref('int_matching__pass_1_crowded') }} where pair_key is null
)

select
    items.*,
    -- a weaker key does not answer where an exact one left a question, nor where a person took a match apart
    rivals.transaction_id is not null as has_rivals,
    decided_by_hand.transaction_id is not null as is_taken_apart
from items
left join settled on items.reconciliation = settled.reconciliation and items.transaction_id = settled.transaction_id
left join decided_by_hand
    on items.reconciliation = decided_by_hand.reconciliation and items.transaction_id = decided_by_hand.transaction_id
left join rivals on items.reconciliation = rivals.reconciliation and items.transaction_id = rivals.transaction_id
where settled.transaction_id is null
