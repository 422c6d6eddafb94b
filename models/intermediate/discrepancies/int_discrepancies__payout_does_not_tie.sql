with payouts as (
    select * from {{ ref('payouts') }} where not is_explained
),

transactions as (
    select * from {{ ref('transactions') }}
),

untied as (
    select
        'payout_bank' as reconciliation,
        payouts.tenant_id,
        cast(null as {{ dbt.type_string() }}) as match_id,
        payouts.transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        payouts.source,
        transactions.native_id,
        transactions.processor,
        payouts.payout_id as reference,
        payouts.paid_on as business_date,
        payouts.currency,
        payouts.amount_minor,
        payouts.explained_minor,
        payouts.unexplained_minor,
        payouts.member_count,
        payouts._document_id,
        payouts._source_file,
        payouts._source_line
    from payouts
    inner join transactions on payouts.transaction_id = transactions.transaction_id
)

select
    'payout_does_not_tie' as kind,
    {{ break_identity() }},
    explained_minor as expected_minor,
    amount_minor as found_minor,
    abs(unexplained_minor) as amount_at_risk_minor,
    business_date as first_seen_on,
    'Movements that name the payout: ' || cast(member_count as {{ dbt.type_string() }})
    || '; they do not add up to what was paid.' as explanation
from untied
