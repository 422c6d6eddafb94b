-- A month of fees that the processor bills: what the contract asks for it, what was invoiced and what of that was paid. The month is
-- accrued when it is over; until then nobody knows what is short of its minimum.
with audited as (
    select * from {{ ref('fee_audit_months') }} where collected is not null
),

fee_invoices as (
    select * from {{ ref('fee_invoices') }} where invoiced_on <= cast({{ as_of() }} as date)
),

fee_payments as (
    select * from {{ ref('int_ledger__fee_payments') }}
),

parts as (
    select
        tenant_id, processor, month, currency,
        case when collected = 'invoiced' then expected_minor - charged_minor else 0 end + short_of_minimum_minor as accrued_minor,
        0 as invoiced_minor,
        0 as paid_minor,
        cast(null as date) as invoiced_on,
        cast(null as date) as paid_on
    from audited
    union all
    select
        tenant_id, processor, month, currency, 0 as accrued_minor, amount_minor as invoiced_minor, 0 as paid_minor, invoiced_on,
        cast(null as date) as paid_on
    from fee_invoices
    union all
    select
        tenant_id, processor, month, currency, 0 as accrued_minor, 0 as invoiced_minor, paid_minor, cast(null as date) as invoiced_on,
        paid_on
    from fee_payments
),

months as (
    select
        tenant_id, processor, month, currency,
        cast(month || '-01' as date) as period,
        sum(accrued_minor) as accrued_minor,
        sum(invoiced_minor) as invoiced_minor,
        sum(paid_minor) as paid_minor,
        max(invoiced_on) as invoiced_on,
        max(paid_on) as paid_on
    from parts
    group by tenant_id, processor, month, currency
),

dated as (
    select
        months.*,
        cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'period')) }} as date) as accrued_on
    from months
)

select
    {{ key_hash('fmo', ['tenant_id', 'processor', 'month', 'currency']) }} as fee_month_id,
    dated.tenant_id,
    dated.processor,
    dated.month,
    dated.period,
    dated.currency,
    cast(dated.accrued_minor as bigint) as accrued_minor,
    cast(dated.invoiced_minor as bigint) as invoiced_minor,
    cast(dated.paid_minor as bigint) as paid_minor,
    dated.accrued_on,
    dated.invoiced_on,
    dated.paid_on
from dated
where dated.accrued_on < cast({{ as_of() }} as date) and (dated.accrued_minor != 0 or dated.invoiced_on is not null)
