-- Reports say the fee alone; the movement's own object says what of it is tax. Sent several times, the most that was said counts.
with movements as (
    select * from {{ ref('stg_stripe__api_balance_transactions') }} where fee_tax_minor is not null
)

select
    tenant_id,
    source,
    balance_transaction_id as native_id,
    max(fee_tax_minor) as fee_tax_minor
from movements
group by tenant_id, source, balance_transaction_id
