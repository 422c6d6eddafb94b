{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

reversals as (
    select
        *,
        {{ number_as_name('reason') }} as reason_as_id
    from events
    where type = 'reversed'
),

redemptions as (
    select * from events where type in ('spent', 'expired')
),

-- The order stands for every purchase before that was paid under it.
by_order as (
    select
        reversals.reward_transaction_id,
        max(redemptions.event_number) as redemption_number
    from reversals
    inner join redemptions
        on
            reversals.tenant_id = redemptions.tenant_id
            and reversals.currency = redemptions.currency
            and reversals.customer_id = redemptions.customer_id
            and reversals.order_id = redemptions.order_id
    where redemptions.type = 'spent' and redemptions.event_number < reversals.event_number
    group by reversals.reward_transaction_id
),

-- Where no purchase has the order, the reason may be the TRANS_ID of one redemption.
by_id as (
    select
        reversals.reward_transaction_id,
        redemptions.event_number as redemption_number
    from reversals
    inner join redemptions
        on
            reversals.tenant_id = redemptions.tenant_id
            and reversals.currency = redemptions.currency
            and reversals.customer_id = redemptions.customer_id
            and reversals.reason_as_id = redemptions.trans_id
    where redemptions.event_number < reversals.event_number
),

named as (
    select
        reversals.*,
        case when by_order.redemption_number is not null then reversals.order_id end as named_order_id,
        coalesce(by_order.redemption_number, by_id.redemption_number) as named_number
    from reversals
    left join by_order on reversals.reward_transaction_id = by_order.reward_transaction_id
    left join by_id on reversals.reward_transaction_id = by_id.reward_transaction_id
)

select
    named.reward_transaction_id,
    named.tenant_id,
    named.currency,
    named.customer_id,
    named.event_number,
    named.named_order_id,
    named.named_number,
    redemptions.trans_id as named_trans_id,
    redemptions.type as named_type
from named
left join redemptions
    on
        named.tenant_id = redemptions.tenant_id
        and named.currency = redemptions.currency
        and named.customer_id = redemptions.customer_id
        and named.named_number = redemptions.event_number
