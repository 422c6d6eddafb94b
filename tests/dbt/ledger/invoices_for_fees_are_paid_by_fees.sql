-- The row that an invoice names is posted and put cost on the account of the fees, as the journal has it; and the invoices that name one
-- row do not come to more than its cost, the tax in it included. Asked where the months of fees are.
-- depends_on: {{ ref('fee_accruals') }}
{{ config(meta={'dagster': {'ref': {'name': 'fee_accruals'}}}, group='ledger') }}

with rules as (
    select * from {{ ref('int_ledger__rules_in_force') }}
),

named as (
    select
        tenant_id,
        currency,
        paid_by_transaction_id,
        sum(amount_minor) as billed_minor
    from {{ ref('fee_invoices') }}
    where paid_by_transaction_id is not null and invoiced_on <= cast({{ as_of() }} as date)
    group by tenant_id, currency, paid_by_transaction_id
),

-- A payment takes from the account of the fees.
fee_accounts as (
    select tenant_id, account_code
    from rules
    where party = 'contract' and event_type = 'fee_invoice_paid' and factor < 0
    group by tenant_id, account_code
),

costs as (
    select
        entries.tenant_id,
        entries.currency,
        entries.transaction_id,
        sum(entries.amount_minor) as cost_minor
    from {{ ref('ledger_entries') }} as entries
    inner join named on entries.transaction_id = named.paid_by_transaction_id
    inner join fee_accounts on entries.tenant_id = fee_accounts.tenant_id and entries.account_code = fee_accounts.account_code
    inner join rules
        on
            entries.tenant_id = rules.tenant_id
            and entries.posting_rule_id = rules.posting_rule_id
            and entries.leg = rules.leg
            and entries.posted_on >= rules.valid_from
            and entries.posted_on < rules.valid_to
    where rules.basis != 'tax'
    group by entries.tenant_id, entries.currency, entries.transaction_id
)

select
    named.*,
    costs.cost_minor,
    case
        when coalesce(costs.cost_minor, 0) = 0 then 'the row is not posted, or put no cost on the account of the fees'
        else 'the invoices that name the row come to more than its cost'
    end as problem
from named
left join costs
    on
        named.paid_by_transaction_id = costs.transaction_id
        and named.tenant_id = costs.tenant_id
        and named.currency = costs.currency
where
    coalesce(costs.cost_minor, 0) = 0
    or abs(named.billed_minor) > abs(costs.cost_minor)
    or (named.billed_minor > 0) != (costs.cost_minor > 0)
