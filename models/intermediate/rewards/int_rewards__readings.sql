with reward_methods as (
    select * from {{ ref('reward_methods') }}
)

select
    case counts when 'money' then 'amount_true' else 'one_to_one' end as mode,
    method_id,
    counts,
    lot_order,
    expired_rows,
    method_id = {{ reward_method() }} as is_books
from reward_methods
where method_id = {{ reward_method() }} or method_id = 'one_to_one'
