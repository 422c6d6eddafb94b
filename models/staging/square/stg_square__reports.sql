{% set columns = [
    'tenant_id', 'source', 'source_account', 'record', 'native_id', 'native_type', 'native_status', 'reference', 'order_id',
    'trace_reference', 'payment_id', 'payout_id', 'location_id', 'customer_id', 'description', 'amount_minor', 'fee_minor',
    'currency', 'occurred_at', 'business_date', 'expected_on', 'told_at', 'moves_money', 'knows_fee', 'record_priority',
    '_received_at', '_document_id', '_source_file', '_source_line'
] %}
{% set tables = ['payments', 'refunds', 'payouts', 'payout_entries', 'disputes', 'transactions'] %}
with

reports as (
    {% for table in tables %}
        select 'square_{{ table }}' as reported_in, {{ columns | join(', ') }}
        from {{ ref('stg_square__' ~ table) }} {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- An export names a refund by its own id or by the payment it gives back: then the n-th refund of that amount is meant.
known_refunds as (
    select
        tenant_id,
        source,
        source_account,
        payment_id,
        native_id as refund_id,
        currency,
        amount_minor,
        row_number() over (
            partition by tenant_id, source, source_account, payment_id, currency, amount_minor
            order by min(occurred_at), {{ bytewise('native_id') }}
        ) as place
    from reports
    where record = 'refund' and reported_in != 'square_transactions' and payment_id is not null and moves_money
    group by tenant_id, source, source_account, payment_id, native_id, currency, amount_minor
),

ranked as (
    select
        reports.*,
        dense_rank() over (
            partition by tenant_id, source, source_account, reported_in, record, native_id, currency, amount_minor
            order by occurred_at, {{ bytewise('order_id') }}
        ) as place_of_its_amount
    from reports
),

placed as (
    select
        ranked.*,
        case when record = 'refund' and reported_in = 'square_transactions' then place_of_its_amount end as refund_place
    from ranked
)

select
    placed.*,
    -- the second refund of one amount is not the first one again, also where only exports tell of them
    coalesce(
        known_refunds.refund_id,
        placed.native_id
        || case when placed.refund_place > 1 then '/' || cast(placed.refund_place as {{ dbt.type_string() }}) else '' end
    ) as event_id
from placed
left join known_refunds
    on placed.tenant_id = known_refunds.tenant_id
        and placed.source = known_refunds.source
        and placed.source_account = known_refunds.source_account
        and placed.native_id = known_refunds.payment_id
        and placed.currency = known_refunds.currency
        and placed.amount_minor = known_refunds.amount_minor
        and placed.refund_place = known_refunds.place
