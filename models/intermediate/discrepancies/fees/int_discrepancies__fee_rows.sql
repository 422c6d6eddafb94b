-- What processors charged, or could have: every row of theirs that moved money, but for their own bills.
with transactions as (
    select * from {{ ref('transactions') }}
    where
        side = 'processor'
        and not has_conflict
        and event_type != 'fee'
        and (status not in ('failed', 'canceled') or fee_minor != 0)
),

traits as (
    select * from {{ ref('int_discrepancies__card_traits') }}
)

select
    transactions.transaction_id,
    transactions.tenant_id,
    transactions.source,
    coalesce(transactions.processor, '') as processor,
    transactions.source_account,
    transactions.event_type,
    transactions.currency,
    coalesce(traits.card_brand, '') as card_brand,
    coalesce(traits.card_product, '') as card_product,
    coalesce(traits.card_funding, '') as card_funding,
    transactions.business_date,
    transactions.occurred_at,
    abs(transactions.amount_minor) as volume_minor,
    transactions.fee_minor,
    traits.interchange_minor,
    traits.scheme_fee_minor
from transactions
left join traits
    on transactions._document_id = traits._document_id and transactions._source_line = traits._source_line
