with

payouts as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type = 'payout'
),

balances as (
    select * from {{ ref('processor_balances') }} where is_proven
)

select payouts.transaction_id as payout_transaction_id
from payouts
inner join balances
    on payouts.tenant_id = balances.tenant_id
        and payouts.source = balances.source
        and payouts.source_account = balances.source_account
        and payouts.currency = balances.currency
        and (payouts.source = 'stripe' or payouts._document_id = balances._document_id)
        and cast(payouts.business_date as {{ dbt.type_string() }}) between balances.from_day and balances.to_day
group by payouts.transaction_id
