with items as (
    select * from {{ ref('int_matching__unmatched') }}
),

rivals as (
    select * from {{ ref('int_matching__rivals') }}
),

returns as (
    select * from {{ ref('int_matching__netted_returns') }}
)

select
    items.*,
    case
        when items.exclusion is not null then items.exclusion
        when rivals.transaction_id is not null then 'rivals'
        when returns.transaction_id is not null then 'returned'
        when items.dead_rank = 1 then 'failed'
        else 'open'
    end as standing,
    returns.other_transaction_id as return_transaction_id
from items
left join rivals
    on items.reconciliation = rivals.reconciliation and items.transaction_id = rivals.transaction_id
left join returns
    on items.reconciliation = returns.reconciliation and items.transaction_id = returns.transaction_id
