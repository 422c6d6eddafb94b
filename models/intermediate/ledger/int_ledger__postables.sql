with transactions as (
    select * from {{ ref('transactions') }}
),

reward_transactions as (
    select * from {{ ref('reward_transactions') }}
),

reward_reasons as (
    select * from {{ ref('reward_reasons') }}
),

reward_valuations as (
    select * from {{ ref('reward_valuations') }} where is_posted
),

money_events as (
    select
        transaction_id,
        tenant_id,
        case
            when side = 'bank' and processor is not null then 'bank_processor'
            when side = 'bank' then 'bank_other'
            else side
        end as party,
        source,
        event_type,
        status,
        case when has_conflict then 'conflict' end as problem,
        currency,
        amount_minor as gross_minor,
        fee_minor,
        net_minor,
        0 as allocated_minor,
        0 as unfunded_minor,
        business_date as posted_on
    from transactions
),

reward_events as (
    select
        reward_transactions.*,
        case
            when reward_transactions.reversed_type = 'expired' then 'reward_expiry_reversed'
            else coalesce(reward_reasons.event_type, 'reward_' || reward_transactions.type)
        end as event_type
    from reward_transactions
    left join reward_reasons
        on
            {{ normalised_reference('reward_transactions.reason') }} = reward_reasons.reason
            and reward_transactions.type = 'earned'
),

rewards as (
    select
        reward_transaction_id as transaction_id,
        tenant_id,
        'rewards' as party,
        'thrive_cash' as source,
        event_type,
        'settled' as status,
        problem,
        currency,
        amount_minor as gross_minor,
        0 as fee_minor,
        amount_minor as net_minor,
        case when is_lot then 0 else allocated_minor end as allocated_minor,
        unfunded_amount_minor + unmatched_amount_minor as unfunded_minor,
        business_date as posted_on
    from reward_events
),

postables as (
    select * from money_events
    union all
    select * from rewards
)

select
    transaction_id,
    tenant_id,
    party,
    source,
    event_type,
    status,
    case
        when problem is not null then problem
        -- only the processor's own row books its fee
        when gross_minor = 0 and (fee_minor = 0 or party != 'processor') then 'no_amount'
        else 'none'
    end as condition,
    currency,
    cast(gross_minor as bigint) as gross_minor,
    cast(fee_minor as bigint) as fee_minor,
    cast(net_minor as bigint) as net_minor,
    cast(allocated_minor as bigint) as allocated_minor,
    cast(unfunded_minor as bigint) as unfunded_minor,
    posted_on
from postables
