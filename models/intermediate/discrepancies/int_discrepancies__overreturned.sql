-- Sales of which more went back than was sold, in up to three parts that never overlap: refunds beyond the sale, chargebacks beyond
-- the sale, and what refunds and chargebacks within the sale took twice. Where several parties tell it, the processor that moved the
-- money does.
with returns as (
    select * from {{ ref('int_discrepancies__returns') }}
    where sold_minor > 0 and greatest(refunded_minor, 0) + greatest(charged_back_minor, 0) > sold_minor
),

ranked as (
    select
        returns.*,
        row_number() over (
            partition by tenant_id, currency, coalesce(reference_key, reference)
            order by case side when 'processor' then 1 else 2 end, source, source_account, reference
        ) as place
    from returns
),

firsts as (
    select * from ranked where place = 1
),

parts as (
    select
        firsts.*, 'over_refunded' as kind, last_refund_id as transaction_id,
        refunded_minor as returned_minor, refunded_minor - sold_minor as amount_at_risk_minor
    from firsts
    union all
    select
        firsts.*, 'over_charged_back' as kind, last_chargeback_id as transaction_id,
        charged_back_minor as returned_minor, charged_back_minor - sold_minor as amount_at_risk_minor
    from firsts
    union all
    select
        firsts.*, 'double_loss' as kind, last_chargeback_id as transaction_id,
        least(refunded_minor, sold_minor) + least(charged_back_minor, sold_minor) as returned_minor,
        least(refunded_minor, sold_minor) + least(charged_back_minor, sold_minor) - sold_minor as amount_at_risk_minor
    from firsts
    where refunded_minor > 0 and charged_back_minor > 0
),

transactions as (
    select * from {{ ref('transactions') }}
)

select
    parts.kind,
    cast(null as {{ dbt.type_string() }}) as reconciliation,
    parts.tenant_id,
    cast(null as {{ dbt.type_string() }}) as match_id,
    parts.transaction_id,
    case when parts.kind = 'double_loss' then parts.last_refund_id end as counterpart_transaction_id,
    parts.source,
    transactions.native_id,
    transactions.processor,
    parts.reference,
    transactions.business_date,
    parts.currency,
    parts.sold_minor,
    parts.returned_minor,
    parts.amount_at_risk_minor,
    transactions._document_id,
    transactions._source_file,
    transactions._source_line
from parts
inner join transactions on parts.transaction_id = transactions.transaction_id
where parts.amount_at_risk_minor > 0
