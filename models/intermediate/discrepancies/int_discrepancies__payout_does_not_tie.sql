with payouts as (
    select * from {{ ref('payouts') }} where not is_explained
),

transactions as (
    select * from {{ ref('transactions') }}
),

untied as (
    select
        transactions.*,
        'payout_bank' as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        payouts.amount_minor as payout_amount_minor,
        payouts.explained_minor,
        payouts.unexplained_minor,
        payouts.member_count
    from payouts
    inner join transactions on payouts.transaction_id = transactions.transaction_id
)

select
    'payout_does_not_tie' as kind,
    {{ break_identity() }},
    payout_amount_minor as expected_minor,
    explained_minor as found_minor,
    abs(unexplained_minor) as amount_at_risk_minor,
    business_date as first_seen_on,
    'The payout''s ' || cast(member_count as {{ dbt.type_string() }}) || ' parts do not add up to it.' as explanation
from untied
