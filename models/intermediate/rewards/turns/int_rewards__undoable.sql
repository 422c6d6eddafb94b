{{ config(materialized='kept', kept_by='customer_id') }}

with redemptions as (
    select * from {{ ref('int_rewards__events_in_order') }} where type in ('spent', 'expired') {{ only_touched('and', numbered=true) }}
),

reversals as (
    select * from {{ ref('int_rewards__reversals') }} where named_number is not null {{ only_touched('and') }}
),

named as (
    select redemptions.tenant_id, redemptions.currency, redemptions.customer_id, redemptions.event_number
    from redemptions
    inner join reversals
        on
            {{ same_history('redemptions', 'reversals') }}
            and redemptions.order_id = reversals.named_order_id
    where redemptions.type = 'spent' and redemptions.event_number <= reversals.named_number
    union all
    select redemptions.tenant_id, redemptions.currency, redemptions.customer_id, redemptions.event_number
    from redemptions
    inner join reversals
        on
            {{ same_history('redemptions', 'reversals') }}
            and redemptions.event_number = reversals.named_number
)

select
    tenant_id,
    currency,
    customer_id,
    event_number
from named
group by tenant_id, currency, customer_id, event_number
