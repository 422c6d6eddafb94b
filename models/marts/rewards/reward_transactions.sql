with events as (
    select * from {{ ref('int_rewards__events') }}
),

events_in_order as (
    select * from {{ ref('int_rewards__events_in_order') }}
),

allocations as (
    select * from {{ ref('int_rewards__allocations') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

used_lots as (
    select
        earned_reward_transaction_id as reward_transaction_id,
        sum(case when mode = 'amount_true' then units end) as allocated_minor,
        max(case when mode = 'amount_true' and finishes_lot then redeemed_trans_id end) as redeem_id,
        max(case when mode = 'one_to_one' then redeemed_trans_id end) as redeem_id_one_to_one
    from allocations
    group by earned_reward_transaction_id
),

funded_redemptions as (
    select
        redeemed_reward_transaction_id as reward_transaction_id,
        sum(units) as allocated_minor
    from allocations
    where mode = 'amount_true'
    group by redeemed_reward_transaction_id
),

-- A row of a conflict (one id, two stories) takes no part: nothing of it is allocated, open or unfunded.
amounts as (
    select
        events.*,
        events_in_order.event_number,
        used_lots.redeem_id,
        used_lots.redeem_id_one_to_one,
        cast(coalesce(used_lots.allocated_minor, funded_redemptions.allocated_minor, 0) as bigint) as allocated_minor,
        cast(case when events.is_lot and not events.has_conflict then 1 else 0 end as bigint) as is_open_lot,
        cast(case when events.is_lot or events.has_conflict then 0 else 1 end as bigint) as is_redemption
    from events
    left join events_in_order on events.reward_transaction_id = events_in_order.reward_transaction_id
    left join used_lots on events.reward_transaction_id = used_lots.reward_transaction_id
    left join funded_redemptions on events.reward_transaction_id = funded_redemptions.reward_transaction_id
),

rests as (
    select
        *,
        is_open_lot * (amount_minor - allocated_minor) as open_amount_minor,
        is_redemption * (-amount_minor - allocated_minor) as unfunded_amount_minor
    from amounts
)

select
    rests.reward_transaction_id,
    rests.tenant_id,
    rests.trans_id,
    rests.customer_id,
    rests.kind as type,
    rests.order_id,
    rests.reason,
    rests.redeem_id,
    rests.redeem_id_one_to_one,
    rests.currency,
    rests.amount_minor,
    {{ major_units('rests.amount_minor', 'currencies.exponent') }} as amount,
    rests.allocated_minor,
    {{ major_units('rests.allocated_minor', 'currencies.exponent') }} as allocated,
    rests.open_amount_minor,
    {{ major_units('rests.open_amount_minor', 'currencies.exponent') }} as open_amount,
    rests.unfunded_amount_minor,
    {{ major_units('rests.unfunded_amount_minor', 'currencies.exponent') }} as unfunded_amount,
    rests.created_at,
    rests.expires_at,
    rests.business_date,
    rests.event_number,
    rests.is_lot,
    rests.has_conflict,
    rests.times_reported,
    rests._document_id,
    rests._source_file,
    rests._source_line
from rests
inner join currencies on rests.currency = currencies.currency
