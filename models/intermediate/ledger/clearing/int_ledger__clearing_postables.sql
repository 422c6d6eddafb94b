{% set fee_events = {
    'fee_accrued': ('accrued_minor', 'accrued_on', 'true'),
    'fee_invoice_true_up': ('invoiced_minor - accrued_minor', 'invoiced_on', 'invoiced_on is not null'),
} %}
with write_offs as (
    select * from {{ ref('int_ledger__write_offs') }}
),

fee_claims as (
    select * from {{ ref('int_ledger__fee_claims') }}
),

fee_months as (
    select * from {{ ref('int_ledger__fee_months') }}
),

fee_payments as (
    select * from {{ ref('int_ledger__fee_payments') }} where paid_minor != 0
),

month_events as (
    {% for event_type, (amount, day, condition) in fee_events.items() %}
        select fee_month_id, tenant_id, '{{ event_type }}' as event_type, currency, {{ amount }} as gross_minor, {{ day }} as posted_on
        from fee_months
        where {{ condition }} and {{ amount }} != 0
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    transaction_id, tenant_id, party, source, event_type, status, cast(null as {{ dbt.type_string() }}) as problem, currency,
    gross_minor, posted_on, subject_id
from write_offs
union all
select transaction_id, tenant_id, party, source, event_type, status, problem, currency, gross_minor, posted_on, subject_id
from fee_claims
union all
select
    {{ key_hash('fme', ['event_type', 'fee_month_id']) }} as transaction_id, tenant_id, 'contract' as party, 'fee_schedules' as source,
    event_type, 'settled' as status, cast(null as {{ dbt.type_string() }}) as problem, currency,
    gross_minor, posted_on, fee_month_id as subject_id
from month_events
union all
-- Each invoice is paid by itself, by the row it names; its month is what the lines are about.
select
    fee_payments.fee_payment_id as transaction_id, fee_payments.tenant_id, 'contract' as party, 'fee_schedules' as source,
    'fee_invoice_paid' as event_type, 'settled' as status, cast(null as {{ dbt.type_string() }}) as problem, fee_payments.currency,
    fee_payments.paid_minor as gross_minor, fee_payments.paid_on as posted_on, fee_months.fee_month_id as subject_id
from fee_payments
inner join fee_months
    on
        fee_payments.tenant_id = fee_months.tenant_id
        and fee_payments.processor = fee_months.processor
        and fee_payments.month = fee_months.month
        and fee_payments.currency = fee_months.currency
