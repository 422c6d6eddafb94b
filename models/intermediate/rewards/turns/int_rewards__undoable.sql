{{ config(materialized='kept', kept_by='customer_id') }}

with redemptions as (
    select * from {{ ref('int_rewards__events_in_order') }} where type in ('spent', 'expired') {{ only_touched('and', numbered=true) }}
),

reversals as (
    select * from {{ ref('int_rewards__reversals') }} where named_number is not null {{ only_touched('and') }}
),

named as (
    select redemptions.reward_transaction_id, redemptions.tenant_id, redemptions.customer_id
    from redemptions
    inner join reversals
        on
            redemptions.tenant_id = reversals.tenant_id
            and redemptions.currency = reversals.currency
            and redemptions.customer_id = reversals.customer_id
            and redemptions.order_id = reversals.named_order_id
    where redemptions.type = 'spent' and redemptions.event_number <= reversals.named_number
    union all
    select redemptions.reward_transaction_id, redemptions.tenant_id, redemptions.customer_id
    from redemptions
    inner join reversals
        on
            redemptions.tenant_id = reversals.tenant_id
            and redemptions.currency = reversals.currency
            and redemptions.customer_id = reversals.customer_id
            and redemptions.event_number = reversals.named_number
)

select
    reward_transaction_id,
    tenant_id,
    customer_id
from named
group by reward_transaction_id, tenant_id, customer_id
