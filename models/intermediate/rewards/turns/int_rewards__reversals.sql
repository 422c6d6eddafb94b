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
        reversals.tenant_id,
        reversals.currency,
        reversals.customer_id,
        reversals.event_number,
        max(redemptions.event_number) as redemption_number
    from reversals
    inner join redemptions
        on
            {{ same_history('reversals', 'redemptions') }}
            and reversals.order_id = redemptions.order_id
    where redemptions.type = 'spent' and redemptions.event_number < reversals.event_number
    group by reversals.tenant_id, reversals.currency, reversals.customer_id, reversals.event_number
),

-- Where no purchase has the order, the reason may be the TRANS_ID of one redemption.
by_id as (
    select
        reversals.tenant_id,
        reversals.currency,
        reversals.customer_id,
        reversals.event_number,
        redemptions.event_number as redemption_number
    from reversals
    inner join redemptions
        on
            {{ same_history('reversals', 'redemptions') }}
            and reversals.reason_as_id = redemptions.trans_id
    where redemptions.event_number < reversals.event_number
),

named as (
    select
        reversals.*,
        case when by_order.redemption_number is not null then reversals.order_id end as named_order_id,
        coalesce(by_order.redemption_number, by_id.redemption_number) as named_number
    from reversals
    left join by_order on {{ same_event('reversals', 'by_order') }}
    left join by_id on {{ same_event('reversals', 'by_id') }}
)

select
    named.tenant_id,
    named.currency,
    named.customer_id,
    named.event_number,
    named.named_order_id,
    named.named_number,
    redemptions.trans_id as named_trans_id,
    redemptions.type as named_type
from named
left join redemptions on {{ same_event('named', 'redemptions', 'named_number') }}
