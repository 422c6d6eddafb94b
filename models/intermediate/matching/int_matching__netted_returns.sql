-- A payout that came back before the bank saw it: two rows of one party that are opposite and carry one id.
with items as (
    select * from {{ ref('int_matching__unmatched') }} where nets_returns and exclusion is null
),

rivals as (
    select * from {{ ref('int_matching__rivals') }}
),

unseen as (
    select
        items.*,
        row_number() over (
            partition by
                items.reconciliation, items.tenant_id, items.source, items.source_account,
                items.processor_reference, items.currency, items.amount_minor
            order by items.business_date, items.occurred_at, items.transaction_id
        ) as place
    from items
    left join rivals
        on items.reconciliation = rivals.reconciliation and items.transaction_id = rivals.transaction_id
    where rivals.transaction_id is null and items.processor_reference is not null and items.amount_minor != 0
)

select
    unseen.reconciliation,
    unseen.transaction_id,
    others.transaction_id as other_transaction_id
from unseen
inner join unseen as others
    on
        unseen.reconciliation = others.reconciliation
        and unseen.tenant_id = others.tenant_id
        and unseen.source = others.source
        and coalesce(unseen.source_account, '') = coalesce(others.source_account, '')
        and unseen.processor_reference = others.processor_reference
        and unseen.currency = others.currency
        and unseen.amount_minor = -others.amount_minor
        and unseen.place = others.place
