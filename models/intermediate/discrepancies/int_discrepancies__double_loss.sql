-- By the merchant's reference where it says so; else by the payment at the processor: all disputes of a sale and what was refunded of it.
with

by_reference as (
    {{ overreturned_break('double_loss', 'refunded and charged back') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

disputed as (
    select
        chargebacks.*,
        row_number() over (
            partition by tenant_id, sale_transaction_id, settlement_currency order by opened_at desc, {{ bytewise('chargeback_id') }}
        ) as place_from_last
    from {{ ref('chargebacks') }} as chargebacks
    where moved_minor < 0 and sale_transaction_id is not null and sale_minor > 0
),

told as (
    select disputed.tenant_id, disputed.sale_transaction_id, disputed.settlement_currency
    from disputed
    inner join by_reference
        on disputed.tenant_id = by_reference.tenant_id
            and disputed.settlement_currency = by_reference.currency
            and (
                disputed.transaction_id = by_reference.transaction_id
                or {{ normalised_reference('disputed.reference') }} = {{ normalised_reference('by_reference.reference') }}
            )
    group by disputed.tenant_id, disputed.sale_transaction_id, disputed.settlement_currency
),

returned as (
    select
        tenant_id,
        sale_transaction_id,
        settlement_currency,
        max(case when place_from_last = 1 then transaction_id end) as transaction_id,
        max({{ bytewise('refund_transaction_id') }}) as refund_transaction_id,
        max(sale_minor) as sale_minor,
        least(max(refunded_minor), max(sale_minor)) + least(-sum(moved_minor), max(sale_minor)) as returned_minor
    from disputed
    group by tenant_id, sale_transaction_id, settlement_currency
    having max(refunded_minor) > 0
),

by_payment as (
    select
        transactions.tenant_id,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        transactions.transaction_id,
        returned.refund_transaction_id as counterpart_transaction_id,
        transactions.source,
        transactions.native_id,
        transactions.processor,
        transactions.reference,
        transactions.business_date,
        transactions.currency,
        transactions._document_id,
        transactions._source_file,
        transactions._source_line,
        returned.sale_minor,
        returned.returned_minor,
        {{ amount_text('returned.sale_minor', 'currencies.exponent', 'transactions.currency') }} as sold,
        {{ amount_text('returned.returned_minor', 'currencies.exponent', 'transactions.currency') }} as returned
    from returned
    inner join transactions on returned.transaction_id = transactions.transaction_id
    inner join {{ ref('currencies') }} as currencies on transactions.currency = currencies.currency
    left join told
        on returned.tenant_id = told.tenant_id
            and returned.sale_transaction_id = told.sale_transaction_id
            and returned.settlement_currency = told.settlement_currency
    where returned.returned_minor > returned.sale_minor and told.tenant_id is null
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
