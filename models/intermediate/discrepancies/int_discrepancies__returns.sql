-- What was sold under a merchant's reference and what went back, as one party told it. A second row that is a duplicate is told by that;
-- a row of the books that stands in no match is told as missing, so it counts for nothing here.
with transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
    where
        reference is not null
        and not has_conflict
        and side != 'bank'
        and event_type in ('charge', 'refund', 'chargeback', 'chargeback_reversal')
        and status not in ('failed', 'canceled')
),

open_items as (
    select
        transaction_id,
        max(case when side = 'internal' or reason_code = 'duplicate' then 1 else 0 end) as counts_for_nothing
    from {{ ref('open_items') }}
    group by transaction_id
),

returned_references as (
    select tenant_id, side, source, source_account, currency, reference
    from transactions
    where event_type != 'charge'
    group by tenant_id, side, source, source_account, currency, reference
),

told as (
    select transactions.*
    from transactions
    inner join returned_references
        on
            transactions.tenant_id = returned_references.tenant_id
            and transactions.side = returned_references.side
            and transactions.source = returned_references.source
            and transactions.source_account = returned_references.source_account
            and transactions.currency = returned_references.currency
            and transactions.reference = returned_references.reference
    left join open_items on transactions.transaction_id = open_items.transaction_id
    where coalesce(open_items.counts_for_nothing, 0) = 0
),

placed as (
    select
        told.*,
        row_number() over (
            partition by tenant_id, side, source, source_account, currency, reference, event_type
            order by business_date desc, occurred_at desc nulls last, transaction_id
        ) as place_from_last
    from told
)

select
    tenant_id, side, source, source_account, currency, reference,
    {{ normalised_reference('reference') }} as reference_key,
    cast(sum(case when event_type = 'charge' then amount_minor else 0 end) as bigint) as sold_minor,
    cast(-sum(case when event_type = 'refund' then amount_minor else 0 end) as bigint) as refunded_minor,
    cast(
        -sum(case when event_type in ('chargeback', 'chargeback_reversal') then amount_minor else 0 end) as bigint
    ) as charged_back_minor,
    max(case when event_type = 'refund' and place_from_last = 1 then transaction_id end) as last_refund_id,
    max(case when event_type = 'chargeback' and place_from_last = 1 then transaction_id end) as last_chargeback_id
from placed
group by tenant_id, side, source, source_account, currency, reference
