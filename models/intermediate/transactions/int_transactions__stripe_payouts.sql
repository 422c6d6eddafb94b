with

payout_lines as (
    select * from {{ ref('stg_stripe__payouts') }}
),

payout_facts as (
    select * from {{ ref('int_transactions__payout_facts') }}
)

select
    -- keys
    payout_lines.tenant_id,
    'processor' as side,
    payout_lines.source,
    payout_lines.source_account,
    payout_lines.source as processor,
    payout_lines.balance_transaction_id as native_id,
    'balance_transaction' as record,
    payout_lines.native_type,
    payout_lines.native_type as lookup_type,
    payout_lines.source as vocabulary,
    cast(null as {{ dbt.type_string() }}) as ruled_event_type,
    payout_facts.native_status,
    cast(null as {{ dbt.type_string() }}) as reference,
    payout_lines.payout_id as processor_reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    payout_facts.trace_id as trace_reference,
    cast(null as {{ dbt.type_string() }}) as authorization_code,
    payout_lines.payout_id,
    cast(null as {{ dbt.type_string() }}) as merchant_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    payout_lines.description,

    -- money
    payout_lines.amount_minor,
    payout_lines.fee_minor,
    payout_lines.currency,

    -- time
    payout_lines.occurred_at,
    payout_lines.business_date,
    cast(null as date) as value_date,
    payout_facts.expected_on,

    -- origin
    2 as record_priority,
    0 as row_index,
    payout_lines._received_at,
    payout_lines._document_id,
    payout_lines._source_file,
    payout_lines._source_line
from payout_lines
left join payout_facts
    on payout_lines.tenant_id = payout_facts.tenant_id
        and payout_lines.source = payout_facts.source
        and payout_lines.source_account = payout_facts.source_account
        and payout_lines.payout_id = payout_facts.payout_id
