-- What the row that an invoice names paid of it: no more than the invoice, and of all invoices that name the row no more than its cost.
-- Credit notes go first, so that a row that was less by them pays the invoice in full.
with fee_invoices as (
    select * from {{ ref('fee_invoices') }} where invoiced_on <= cast({{ as_of() }} as date)
),

costs as (
    select
        *,
        case when cost_minor > 0 then 1 else -1 end as cost_sign
    from {{ ref('int_ledger__fee_costs') }}
),

-- Counted in the direction of the cost.
billed as (
    select
        fee_invoices.*,
        costs.posted_on,
        costs.cost_sign,
        abs(costs.cost_minor) as limit_minor,
        costs.cost_sign * fee_invoices.amount_minor as billed_minor
    from fee_invoices
    inner join costs
        on
            fee_invoices.paid_by_transaction_id = costs.transaction_id
            and fee_invoices.tenant_id = costs.tenant_id
            and fee_invoices.currency = costs.currency
),

ordered as (
    select
        *,
        sum(billed_minor) over (partition by paid_by_transaction_id, currency) as total_minor,
        sum(billed_minor) over (
            partition by paid_by_transaction_id, currency
            order by billed_minor, month, {{ bytewise('processor') }}, {{ bytewise('invoice_number') }}
            rows unbounded preceding
        ) as running_minor
    from billed
)

select
    {{ key_hash('fip', ['tenant_id', 'processor', 'invoice_number', 'month', 'currency']) }} as fee_payment_id,
    tenant_id,
    processor,
    invoice_number,
    month,
    currency,
    paid_by_transaction_id,
    posted_on as paid_on,
    cast(
        cost_sign * (least(running_minor, limit_minor) - least(running_minor - billed_minor, limit_minor)) as bigint
    ) as paid_minor
from ordered
where total_minor > 0
