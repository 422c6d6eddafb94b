with

reversals as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type = 'payout_reversal'
)

select
    tenant_id,
    source,
    source_account,
    processor_reference as payout_id,
    min(business_date) as returned_on
from reversals
where processor_reference is not null
group by tenant_id, source, source_account, processor_reference
