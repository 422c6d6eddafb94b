with items as (
    select * from {{ ref('int_matching__items') }}
),

decided as (
    select * from {{ ref('int_matching__decided') }}
),

returns as (
    select * from {{ ref('int_matching__netted_returns') }}
)

select
    items.*,
    case
        when decided.pair_key is not null then 'matched'
        when items.exclusion is not null then items.exclusion
        when decided.transaction_id is not null then 'rivals'
        when returns.transaction_id is not null then 'returned'
        when items.dead_rank = 1 then 'failed'
        else 'open'
    end as standing,
    returns.other_transaction_id as return_transaction_id
from items
left join decided
    on items.reconciliation = decided.reconciliation and items.transaction_id = decided.transaction_id
left join returns
    on items.reconciliation = returns.reconciliation and items.transaction_id = returns.transaction_id
