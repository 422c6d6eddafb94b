with redemptions as (
    select * from {{ ref('int_rewards__events_in_order') }} where type in ('spent', 'expired')
),

reversals as (
    select * from {{ ref('int_rewards__reversals') }} where named_number is not null
),

named as (
    select redemptions.reward_transaction_id
    from redemptions
    inner join reversals
        on
            redemptions.tenant_id = reversals.tenant_id
            and redemptions.currency = reversals.currency
            and redemptions.customer_id = reversals.customer_id
            and redemptions.order_id = reversals.named_order_id
    where redemptions.type = 'spent' and redemptions.event_number <= reversals.named_number
    union all
    select redemptions.reward_transaction_id
    from redemptions
    inner join reversals
        on
            redemptions.tenant_id = reversals.tenant_id
            and redemptions.currency = reversals.currency
            and redemptions.customer_id = reversals.customer_id
            and redemptions.event_number = reversals.named_number
)

select reward_transaction_id
from named
group by reward_transaction_id
