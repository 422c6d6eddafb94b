with

identified as (
    select * from {{ ref('int_transactions__identified') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

transactions as (
    select * from identified where place = 1
)

select
    -- keys
    cast(transactions.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(transactions.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(transactions.side as {{ dbt.type_string() }}) as side,
    cast(transactions.source as {{ dbt.type_string() }}) as source,
    cast(transactions.source_account as {{ dbt.type_string() }}) as source_account,
    cast(transactions.processor as {{ dbt.type_string() }}) as processor,
    cast(transactions.native_id as {{ dbt.type_string() }}) as native_id,
    cast(transactions.event_type as {{ dbt.type_string() }}) as event_type,
    cast(nullif(transactions.native_type, '(none)') as {{ dbt.type_string() }}) as native_type,
    cast(transactions.status as {{ dbt.type_string() }}) as status,
    cast(nullif(transactions.native_status, '(none)') as {{ dbt.type_string() }}) as native_status,

    -- money
    cast(transactions.amount_minor as bigint) as amount_minor,
    {{ major_units('transactions.amount_minor', 'currencies.exponent') }} as amount,
    cast(transactions.fee_minor as bigint) as fee_minor,
    {{ major_units('transactions.fee_minor', 'currencies.exponent') }} as fee,
    cast(transactions.amount_minor - transactions.fee_minor as bigint) as net_minor,
    {{ major_units('transactions.amount_minor - transactions.fee_minor', 'currencies.exponent') }} as net,
    cast(transactions.currency as {{ dbt.type_string() }}) as currency,

    -- time
    cast(transactions.occurred_at as timestamp) as occurred_at,
    cast(transactions.business_date as date) as business_date,
    cast(transactions.value_date as date) as value_date,
    cast(transactions.expected_on as date) as expected_on,

    -- references
    cast(transactions.reference as {{ dbt.type_string() }}) as reference,
    cast(transactions.processor_reference as {{ dbt.type_string() }}) as processor_reference,
    cast(transactions.order_id as {{ dbt.type_string() }}) as order_id,
    cast(transactions.trace_reference as {{ dbt.type_string() }}) as trace_reference,
    cast(transactions.authorization_code as {{ dbt.type_string() }}) as authorization_code,
    cast(transactions.payout_id as {{ dbt.type_string() }}) as payout_id,
    cast(transactions.merchant_id as {{ dbt.type_string() }}) as merchant_id,
    cast(transactions.customer_id as {{ dbt.type_string() }}) as customer_id,
    cast(transactions.description as {{ dbt.type_string() }}) as description,

    -- state
    cast(transactions.times_reported as integer) as times_reported,
    cast(transactions.has_conflict as boolean) as has_conflict,
    cast(transactions.times_in_one_file as integer) as times_in_one_file,

    -- origin
    cast(transactions._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(transactions._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(transactions._source_line as bigint) as _source_line
from transactions
left join currencies on transactions.currency = currencies.currency
