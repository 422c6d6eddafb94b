-- A refund or chargeback of a processor under a reference without any sale there is an orphan of its kind; one with a sale is none.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with transactions as (
    select
        transactions.*,
        max(case when event_type = 'charge' then 1 else 0 end)
            over (partition by tenant_id, side, source, source_account, reference) as has_sale
    from {{ ref('transactions') }} as transactions
    where side = 'processor' and reference is not null
),

owed as (
    select
        transaction_id,
        case event_type when 'refund' then 'orphan_refund' else 'orphan_chargeback' end as kind
    from transactions
    where
        event_type in ('refund', 'chargeback', 'chargeback_reversal') and status not in ('failed', 'canceled')
        and has_sale = 0
),

told as (
    select discrepancies.transaction_id, discrepancies.kind
    from {{ ref('discrepancies') }} as discrepancies
    inner join transactions on discrepancies.transaction_id = transactions.transaction_id
    where discrepancies.kind like 'orphan_%'
)

select
    coalesce(owed.transaction_id, told.transaction_id) as transaction_id,
    owed.kind as owed,
    told.kind as told
from owed
full outer join told on owed.transaction_id = told.transaction_id and owed.kind = told.kind
where owed.kind is null or told.kind is null
