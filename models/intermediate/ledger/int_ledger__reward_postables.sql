with reward_transactions as (
    select * from {{ ref('reward_transactions') }}
),

reward_reasons as (
    select * from {{ ref('reward_reasons') }} where reason != '*'
),

other_reasons as (
    select * from {{ ref('reward_reasons') }} where reason = '*'
),

reward_valuations as (
    select * from {{ ref('reward_valuations') }} where is_posted
),

-- A reason that reward_reasons knows decides; else the type of the row, and of a reversal what it takes back.
reward_events as (
    select
        reward_transactions.*,
        case when reward_transactions.type = 'reversed' then -1 else 1 end as use_sign,
        coalesce(
            reward_reasons.event_type,
            case when reward_transactions.reversed_type = 'expired' then 'reward_expiry_reversed' end,
            other_reasons.event_type,
            'reward_' || reward_transactions.type
        ) as event_type
    from reward_transactions
    left join reward_reasons
        on
            {{ normalised_reference('reward_transactions.reason') }} = reward_reasons.reason
            and reward_transactions.type = reward_reasons.type
    left join other_reasons on reward_transactions.type = other_reasons.type
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
        0 as fee_tax_minor,
        amount_minor as net_minor,
        case when is_lot then 0 else use_sign * allocated_minor end as allocated_minor,
        use_sign * (unfunded_amount_minor + unmatched_amount_minor) as unfunded_minor,
        business_date as posted_on
    from reward_events
)

select * from rewards
union all
-- What a month ends with: the open lots as their program measures them.
select
    reward_valuation_id as transaction_id,
    tenant_id,
    'rewards' as party,
    'thrive_cash' as source,
    case measured_by when 'proportional' then 'reward_breakage_expected' else 'reward_deferral' end as event_type,
    'settled' as status,
    cast(null as {{ dbt.type_string() }}) as problem,
    currency,
    change_minor as gross_minor,
    0 as fee_minor,
    0 as fee_tax_minor,
    change_minor as net_minor,
    0 as allocated_minor,
    0 as unfunded_minor,
    posted_on
from reward_valuations
