with

lines as (
    select * from {{ source('square', 'square_payout_entries') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    case
        when {{ native_code('lines.type') }} = 'charge' and lines.payment_id is not null then 'payment'
        when {{ native_code('lines.type') }} = 'refund' and lines.refund_id is not null then 'refund'
        when
            {{ native_code('lines.type') }} = 'dispute' and lines.dispute_id is not null and cast(lines.gross_amount as bigint) < 0
            then 'dispute'
        else 'payout_entry'
    end as record,
    case
        when {{ native_code('lines.type') }} = 'charge' and lines.payment_id is not null then {{ clean_text('lines.payment_id') }}
        when {{ native_code('lines.type') }} = 'refund' and lines.refund_id is not null then {{ clean_text('lines.refund_id') }}
        when
            {{ native_code('lines.type') }} = 'dispute' and lines.dispute_id is not null and cast(lines.gross_amount as bigint) < 0
            then {{ clean_text('lines.dispute_id') }}
        else {{ clean_text('lines.entry_id') }}
    end as native_id,
    {{ native_code('lines.type') }} as native_type,
    'completed' as native_status,
    cast(null as {{ dbt.type_string() }}) as reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    cast(null as {{ dbt.type_string() }}) as trace_reference,
    {{ clean_text('lines.payment_id') }} as payment_id,
    {{ clean_text('lines.payout_id') }} as payout_id,
    {{ clean_text('lines.dispute_id') }} as dispute_id,
    cast(null as {{ dbt.type_string() }}) as location_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    cast(null as {{ dbt.type_string() }}) as description,

    -- money: signed as it moved the balance
    cast(lines.gross_amount as bigint) as amount_minor,
    cast(lines.fee_amount as bigint) as fee_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    {{ utc_timestamp('lines.effective_at', 'documents.time_zone') }} as occurred_at,
    {{ local_date(utc_timestamp('lines.effective_at', 'documents.time_zone'), 'documents.time_zone') }} as business_date,
    cast(null as date) as expected_on,
    {{ utc_timestamp('lines.effective_at', 'documents.time_zone') }} as told_at,

    -- state
    true as moves_money,
    true as knows_fee,

    -- origin
    3 as record_priority,
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
