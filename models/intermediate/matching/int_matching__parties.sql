-- Who reports what, without the amounts: scopes and rules are looked up once for each, not for every transaction.
with transactions as (
    select * from {{ ref('transactions') }}
)

select
    tenant_id,
    source,
    coalesce(source_account, '') as source_account,
    coalesce(processor, '') as processor,
    side,
    event_type,
    cast(sign(amount_minor) as integer) as money_direction,
    count(*) as transaction_count
from transactions
group by tenant_id, source, coalesce(source_account, ''), coalesce(processor, ''), side, event_type, sign(amount_minor)
