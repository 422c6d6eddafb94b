with conflicts as (
    select
        reward_transactions.*,
        row_number() over (
            partition by tenant_id, currency, trans_id order by created_at, reward_transaction_id
        ) as place,
        lead(reward_transaction_id) over (
            partition by tenant_id, currency, trans_id order by created_at, reward_transaction_id
        ) as counterpart_transaction_id,
        lead(amount_minor) over (
            partition by tenant_id, currency, trans_id order by created_at, reward_transaction_id
        ) as second_amount_minor,
        max(abs(amount_minor)) over (partition by tenant_id, currency, trans_id) as amount_at_risk_minor
    from {{ ref('reward_transactions') }} as reward_transactions
    where has_conflict
),

told as (
    select
        conflicts.*,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        reward_transaction_id as transaction_id,
        'thrive_cash' as source,
        trans_id as native_id,
        cast(null as {{ dbt.type_string() }}) as processor,
        coalesce(order_id, trans_id) as reference
    from conflicts
    where place = 1
)

select
    'key_conflict' as kind,
    {{ break_identity() }},
    amount_minor as expected_minor,
    coalesce(second_amount_minor, amount_minor) as found_minor,
    amount_at_risk_minor,
    business_date as first_seen_on,
    'One reward id was reported with different facts; no row of it takes part.' as explanation
from told
