{{ config(materialized='kept', kept_by='customer_id') }}

with reward_transactions as (
    select * from {{ ref('reward_transactions') }} {{ only_touched() }}
),

reward_allocations as (
    select * from {{ ref('reward_allocations') }} {{ only_touched() }}
),

-- Both ends of an allocation as the rows themselves have them, and not as the allocation repeats them.
ends as (
    select
        allocations.*,
        lots.created_at as lot_at,
        users.created_at as user_at,
        lots.customer_id = users.customer_id
        and lots.customer_id = allocations.customer_id
        and lots.currency = users.currency
        and lots.currency = allocations.currency
        and lots.tenant_id = users.tenant_id
        and lots.is_lot and not users.is_lot as belongs_together
    from reward_allocations as allocations
    left join reward_transactions as lots on allocations.earned_reward_transaction_id = lots.reward_transaction_id
    left join reward_transactions as users on allocations.redeemed_reward_transaction_id = users.reward_transaction_id
)

{{ failing_transactions('lot_is_not_overused', "'more was taken from the lot than it brought'",
    'is_lot and problem is null and (allocated_minor > amount_minor or open_amount_minor < 0)', 'allocated_minor') }}
union all
{{ failing_transactions('redemption_adds_up', "'what lots paid and what nobody paid is not the redemption'",
    "type in ('spent', 'expired') and problem is null and allocated_minor + unfunded_amount_minor != -amount_minor") }}
union all
{{ failing_rows('no_later_money_pays', 'ends', 'redeemed_trans_id', "'lot ' || earned_trans_id || ' is younger than what used it'",
    'lot_at > user_at', 'allocated_minor', record='allocation_id') }}
union all
{{ failing_rows('lots_pay_for_their_customer', 'ends', 'redeemed_trans_id',
    "'lot ' || earned_trans_id || ' is of another customer, tenant or currency'",
    'belongs_together is not true', 'allocated_minor', record='allocation_id') }}
union all
{{ failing_transactions('redemption_is_funded', "'no lot had the money for a part of it'",
    'still_unfunded_minor > 0', 'still_unfunded_minor') }}
union all
{{ failing_transactions('reversal_finds_its_redemption', "'takes back more than its redemption had taken'",
    'unmatched_amount_minor > 0', 'unmatched_amount_minor') }}
