-- Per sale: what refunds and chargebacks at its processor took beyond it is at risk in its breaks, once. Counted without asking which kind.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with duplicates as (
    select transaction_id from {{ ref('open_items') }}
    where reason_code = 'duplicate'
    group by transaction_id
),

sales as (
    select
        transactions.tenant_id, transactions.source, transactions.source_account, transactions.currency, transactions.reference,
        sum(case when transactions.event_type = 'charge' then transactions.amount_minor else 0 end) as sold_minor,
        sum(case when transactions.event_type = 'refund' then -transactions.amount_minor else 0 end) as refunded_minor,
        sum(case when transactions.event_type like 'chargeback%' then -transactions.amount_minor else 0 end) as charged_back_minor
    from {{ ref('transactions') }} as transactions
    left join duplicates on transactions.transaction_id = duplicates.transaction_id
    where
        transactions.side = 'processor' and transactions.reference is not null and not transactions.has_conflict
        and transactions.status not in ('failed', 'canceled') and duplicates.transaction_id is null
    group by
        transactions.tenant_id, transactions.source, transactions.source_account, transactions.currency, transactions.reference
),

lost as (
    select
        tenant_id, source, currency, reference,
        sum(refunded_minor + charged_back_minor - sold_minor) as lost_minor
    from sales
    where sold_minor > 0 and refunded_minor >= 0 and charged_back_minor >= 0 and refunded_minor + charged_back_minor > sold_minor
    group by tenant_id, source, currency, reference
),

told as (
    select
        tenant_id, source, currency, reference,
        sum(amount_at_risk_minor) as told_minor
    from {{ ref('discrepancies') }}
    where kind in ('over_refunded', 'over_charged_back', 'double_loss')
    group by tenant_id, source, currency, reference
),

-- one reference at two processors is told at one of them
told_anywhere as (
    select tenant_id, currency, reference
    from told
    group by tenant_id, currency, reference
)

select
    lost.*,
    told.told_minor
from lost
left join told
    on
        lost.tenant_id = told.tenant_id and lost.source = told.source
        and lost.currency = told.currency and lost.reference = told.reference
left join told_anywhere
    on lost.tenant_id = told_anywhere.tenant_id and lost.currency = told_anywhere.currency and lost.reference = told_anywhere.reference
where
    told_anywhere.reference is null
    or (told.told_minor is not null and told.told_minor != lost.lost_minor)
