-- What a processor took beyond the contract is claimed, what it took too little is owed: the expense is the contract's. Whether the
-- transaction itself posts decides over this too, so its status and conflict go along.
with fee_audit as (
    select * from {{ ref('fee_audit') }} where state in ('overcharged', 'undercharged')
),

transactions as (
    select * from {{ ref('transactions') }}
)

select
    {{ key_hash('fcl', ['fee_audit.transaction_id']) }} as transaction_id,
    fee_audit.tenant_id,
    'contract' as party,
    fee_audit.source,
    'fee_' || fee_audit.state as event_type,
    transactions.status,
    case when transactions.has_conflict then 'conflict' end as problem,
    fee_audit.currency,
    fee_audit.difference_minor as gross_minor,
    fee_audit.business_date as posted_on,
    fee_audit.transaction_id as subject_id
from fee_audit
inner join transactions on fee_audit.transaction_id = transactions.transaction_id
