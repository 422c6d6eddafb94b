-- The sale a dispute is about: by the processor's id of the payment, else by the merchant's reference. Of several the latest before the
-- dispute.
with

cases as (
    select
        tenant_id,
        chargeback_id,
        vocabulary,
        max({{ bytewise('payment_ref') }}) as payment_ref,
        max({{ bytewise(normalised_reference('reference')) }}) as reference_key,
        min(opened_at) as opened_at
    from {{ ref('int_chargebacks__cases') }}
    group by tenant_id, chargeback_id, vocabulary
),

case_sources as (
    select chargeback_id, source
    from {{ ref('int_chargebacks__cases') }}
    group by chargeback_id, source
),

sales as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
    where event_type = 'charge' and side in ('processor', 'internal') and status not in ('failed', 'canceled')
),

candidates as (
    select cases.chargeback_id, cases.opened_at, sales.*, 1 as nearness
    from cases
    inner join case_sources on cases.chargeback_id = case_sources.chargeback_id
    inner join sales
        on cases.tenant_id = sales.tenant_id
            and case_sources.source = sales.source
            and cases.payment_ref = sales.processor_reference
    union all
    select
        cases.chargeback_id, cases.opened_at, sales.*,
        case when sales.source = case_sources.source then 2 when sales.side = 'processor' then 3 else 4 end as nearness
    from cases
    inner join case_sources on cases.chargeback_id = case_sources.chargeback_id
    inner join sales
        on cases.tenant_id = sales.tenant_id and cases.reference_key = {{ normalised_reference('sales.reference') }}
),

placed as (
    select
        candidates.*,
        row_number() over (
            partition by chargeback_id
            order by
                nearness,
                case when occurred_at <= opened_at then 1 else 2 end,
                occurred_at desc nulls last,
                {{ bytewise('transaction_id') }}
        ) as place
    from candidates
)

select
    chargeback_id,
    transaction_id as sale_transaction_id,
    native_id as sale_native_id,
    amount_minor as sale_minor,
    currency as sale_currency,
    reference as sale_reference,
    merchant_id as sale_merchant_id,
    business_date as sold_on
from placed
where place = 1
