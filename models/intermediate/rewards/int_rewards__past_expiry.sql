with lots_left as (
    select * from {{ ref('reward_transactions') }} where open_amount_minor > 0
)

-- What passes with the calendar alone is looked for anew each time; the rest is kept by customer.
select
    tenant_id,
    customer_id,
    currency,
    cast(sum(open_amount_minor) as bigint) as past_expiry_minor
from lots_left
where expires_at <= {{ as_of() }}
group by tenant_id, customer_id, currency
