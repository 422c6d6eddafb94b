with

bank_lines as (
    select * from {{ ref('int_transactions__bank_lines') }}
),

line_processors as (
    select * from {{ ref('int_transactions__bank_line_processors') }}
)

select
    -- keys
    bank_lines.tenant_id,
    'bank' as side,
    bank_lines.source,
    bank_lines.source_account,
    line_processors.processor,
    bank_lines.native_id,
    bank_lines.record,
    bank_lines.native_type,
    '(none)' as lookup_type,
    'bank' as vocabulary,
    line_processors.event_type as ruled_event_type,
    bank_lines.native_status,
    bank_lines.end_to_end_id as reference,
    bank_lines.payout_reference as processor_reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    bank_lines.trace_reference,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    cast(null as {{ dbt.type_string() }}) as payout_id,
    cast(null as {{ dbt.type_string() }}) as merchant_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    coalesce(bank_lines.remittance, bank_lines.additional_information, bank_lines.counterparty_name) as description,

    -- money
    bank_lines.amount_minor,
    cast(0 as bigint) as fee_minor,
    bank_lines.currency,

    -- time
    bank_lines.occurred_at,
    bank_lines.booking_date as business_date,
    bank_lines.value_date,
    cast(null as date) as expected_on,

    -- origin
    1 as record_priority,
    bank_lines.row_index,
    bank_lines._received_at,
    bank_lines._document_id,
    bank_lines._source_file,
    bank_lines._source_line
from bank_lines
left join line_processors on bank_lines.bank_line_id = line_processors.bank_line_id
