-- Each row of a conflict under one id is spoken of by a key_conflict (a conflict of three names the first two), each unknown event type
-- and each payout that does not tie by its own kind.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
),

payouts as (
    select * from {{ ref('payouts') }}
),

discrepancies as (
    select * from {{ ref('discrepancies') }}
),

owed as (
    select tenant_id, source, native_id, 'key_conflict' as kind
    from transactions
    where has_conflict
    group by tenant_id, source, native_id
    union all
    select tenant_id, source, native_id, 'unknown_event_type' as kind
    from transactions
    where event_type = 'unknown'
    group by tenant_id, source, native_id
    union all
    select transactions.tenant_id, transactions.source, transactions.native_id, 'payout_does_not_tie' as kind
    from payouts
    inner join transactions on payouts.transaction_id = transactions.transaction_id
    where not payouts.is_explained
    group by transactions.tenant_id, transactions.source, transactions.native_id
)

select owed.*
from owed
left join discrepancies
    on
        owed.tenant_id = discrepancies.tenant_id
        and owed.source = discrepancies.source
        and owed.native_id = discrepancies.native_id
        and owed.kind = discrepancies.kind
where discrepancies.discrepancy_id is null
