-- What a row that an invoice names puts on the account that the payment takes it from (fees), by the rules in force; nothing when it is
-- not posted. The tax in it is of the invoice too, so it counts before it is taken out.
with fee_invoices as (
    select * from {{ ref('fee_invoices') }}
),

rules as (
    select * from {{ ref('int_ledger__rules_in_force') }}
),

exclusions as (
    select * from {{ ref('posting_exclusions') }}
),

named as (
    select paid_by_transaction_id as transaction_id
    from fee_invoices
    where paid_by_transaction_id is not null
    group by paid_by_transaction_id
),

named_transactions as (
    select transactions.*
    from {{ ref('transactions') }} as transactions
    inner join named on transactions.transaction_id = named.transaction_id
),

events as (
    {{ money_events('named_transactions') | indent }}
),

cases as (
    select
        events.*,
        {{ posting_condition() | indent(8) }} as condition
    from events
),

decided as (
    select
        cases.*,
        exclusions.is_excluded,
        row_number() over (
            partition by cases.transaction_id order by exclusions.priority, exclusions.exclusion_id
        ) as place
    from cases
    left join exclusions on {{ exclusion_fits('exclusions', 'cases') | indent(12) }}
),

fee_accounts as (
    select
        tenant_id,
        account_code,
        valid_from,
        valid_to
    from rules
    where party = 'contract' and event_type = 'fee_invoice_paid' and factor < 0
),

costs as (
    select
        decided.transaction_id,
        decided.tenant_id,
        decided.currency,
        decided.posted_on,
        {{ leg_amount('rules', 'decided') | indent(8) }} as amount_minor
    from decided
    inner join rules
        on
            decided.tenant_id = rules.tenant_id
            and decided.party = rules.party
            and decided.event_type = rules.event_type
            and decided.posted_on >= rules.valid_from
            and decided.posted_on < rules.valid_to
    inner join fee_accounts
        on
            rules.tenant_id = fee_accounts.tenant_id
            and rules.account_code = fee_accounts.account_code
            and decided.posted_on >= fee_accounts.valid_from
            and decided.posted_on < fee_accounts.valid_to
    where decided.place = 1 and not coalesce(decided.is_excluded, false) and rules.basis != 'tax'
)

select
    transaction_id,
    tenant_id,
    currency,
    posted_on,
    cast(sum(amount_minor) as bigint) as cost_minor
from costs
group by transaction_id, tenant_id, currency, posted_on
having sum(amount_minor) != 0
