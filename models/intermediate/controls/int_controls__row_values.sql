-- Row by row, because totals do not see a cent that moved from one row to another. Several rows may share a line (an XML
-- file may be one line), so rows are compared as counts per document, line and values.
with raw_money as (
    select * from {{ ref('int_controls__raw_money') }}
),

mart_money as (
    select
        tenant_id,
        source,
        _document_id as document_id,
        _source_line as source_line,
        currency,
        amount,
        amount_minor,
        fee,
        fee_minor
    from {{ ref('transactions') }}
    union all
    select
        tenant_id,
        'thrive_cash' as source,
        _document_id as document_id,
        _source_line as source_line,
        currency,
        amount,
        amount_minor,
        0 as fee,
        0 as fee_minor
    from {{ ref('reward_transactions') }}
),

raw_rows as (
    select
        document_id,
        source_line,
        currency,
        amount,
        amount * minor_unit_factor as amount_minor,
        fee,
        fee * minor_unit_factor as fee_minor,
        sum(row_count) as row_count
    from raw_money
    group by document_id, source_line, currency, amount, fee, minor_unit_factor
),

mart_rows as (
    select
        tenant_id,
        source,
        document_id,
        source_line,
        currency,
        amount,
        amount_minor,
        fee,
        fee_minor,
        count(*) as row_count
    from mart_money
    group by tenant_id, source, document_id, source_line, currency, amount, amount_minor, fee, fee_minor
)

select
    'row_values' as control,
    mart_rows.tenant_id,
    mart_rows.source as scope,
    'rows' as measure,
    mart_rows.currency,
    cast(sum(mart_rows.row_count) as decimal(28, 4)) as expected,
    cast(sum(least(mart_rows.row_count, coalesce(raw_rows.row_count, 0))) as decimal(28, 4)) as found
from mart_rows
left join raw_rows
    on
        mart_rows.document_id = raw_rows.document_id
        and mart_rows.source_line = raw_rows.source_line
        and mart_rows.currency = raw_rows.currency
        and mart_rows.amount = raw_rows.amount
        and mart_rows.amount_minor = raw_rows.amount_minor
        and mart_rows.fee = raw_rows.fee
        and mart_rows.fee_minor = raw_rows.fee_minor
group by mart_rows.tenant_id, mart_rows.source, mart_rows.currency
