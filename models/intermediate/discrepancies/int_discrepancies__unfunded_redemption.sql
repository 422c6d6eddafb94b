with redemptions as (
    select * from {{ ref('reward_transactions') }} where unfunded_amount_minor > 0
),

told as (
    select
        redemptions.*,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        reward_transaction_id as transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        'thrive_cash' as source,
        trans_id as native_id,
        cast(null as {{ dbt.type_string() }}) as processor,
        coalesce(order_id, trans_id) as reference
    from redemptions
)

select
    'unfunded_redemption' as kind,
    {{ break_identity() }},
    abs(amount_minor) as expected_minor,
    allocated_minor as found_minor,
    unfunded_amount_minor as amount_at_risk_minor,
    business_date as first_seen_on,
    'Customer ' || customer_id || ' had earned less before this redemption than it took.' as explanation
from told
