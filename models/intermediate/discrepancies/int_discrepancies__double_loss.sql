-- By the merchant's reference where there is one. A dispute whose row names none is told by its payment at the processor.
with

by_reference as (
    {{ overreturned_break('double_loss', 'refunded and charged back') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

lost_twice as (
    select
        chargebacks.*,
        least(refunded_minor, sale_minor) + least(-moved_minor, sale_minor) as returned_minor
    from {{ ref('chargebacks') }} as chargebacks
    where moved_minor < 0 and refunded_minor > 0 and sale_minor > 0 and refunded_minor - moved_minor > sale_minor
),

by_payment as (
    select
        transactions.tenant_id,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        transactions.transaction_id,
        lost_twice.refund_transaction_id as counterpart_transaction_id,
        transactions.source,
        transactions.native_id,
        transactions.processor,
        transactions.reference,
        transactions.business_date,
        transactions.currency,
        transactions._document_id,
        transactions._source_file,
        transactions._source_line,
        lost_twice.sale_minor,
        lost_twice.returned_minor,
        {{ amount_text('lost_twice.sale_minor', 'currencies.exponent', 'transactions.currency') }} as sold,
        {{ amount_text('lost_twice.returned_minor', 'currencies.exponent', 'transactions.currency') }} as returned
    from lost_twice
    inner join transactions on lost_twice.transaction_id = transactions.transaction_id
    inner join {{ ref('currencies') }} as currencies on transactions.currency = currencies.currency
    where transactions.reference is null
)

select kind, {{ break_identity() }}, expected_minor, found_minor, amount_at_risk_minor, first_seen_on, explanation
from by_reference
union all
select
    'double_loss' as kind,
    {{ break_identity() }},
    -sale_minor as expected_minor,
    -returned_minor as found_minor,
    returned_minor - sale_minor as amount_at_risk_minor,
    business_date as first_seen_on,
    'Sold by one payment: ' || sold || '; refunded and charged back: ' || returned || '.' as explanation
from by_payment
