with

identified as (
    select * from {{ ref('int_transactions__identified') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

fee_taxes as (
    select * from {{ ref('int_transactions__fee_taxes') }}
),

fee_tax_types as (
    select * from {{ ref('fee_tax_types') }}
),

transactions as (
    select * from identified where place = 1
),

taxed as (
    select
        transactions.*,
        -- of a row that is nothing but tax the row itself, of any other what is inside its fee
        case when fee_tax_types.native_type is not null then -transactions.amount_minor else fee_taxes.fee_tax_minor end as fee_tax_minor
    from transactions
    left join fee_tax_types
        on transactions.source = fee_tax_types.source and transactions.native_type = fee_tax_types.native_type
    left join fee_taxes
        on transactions.tenant_id = fee_taxes.tenant_id
            and transactions.source = fee_taxes.source
            and transactions.native_id = fee_taxes.native_id
            and transactions.event_type != 'fee'
)

select
    -- keys
    cast(taxed.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(taxed.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(taxed.side as {{ dbt.type_string() }}) as side,
    cast(taxed.source as {{ dbt.type_string() }}) as source,
    cast(taxed.source_account as {{ dbt.type_string() }}) as source_account,
    cast(taxed.processor as {{ dbt.type_string() }}) as processor,
    cast(taxed.native_id as {{ dbt.type_string() }}) as native_id,
    cast(taxed.event_type as {{ dbt.type_string() }}) as event_type,
    cast(nullif(taxed.native_type, '(none)') as {{ dbt.type_string() }}) as native_type,
    cast(taxed.status as {{ dbt.type_string() }}) as status,
    cast(nullif(taxed.native_status, '(none)') as {{ dbt.type_string() }}) as native_status,

    -- money
    cast(taxed.amount_minor as bigint) as amount_minor,
    {{ major_units('taxed.amount_minor', 'currencies.exponent') }} as amount,
    cast(taxed.fee_minor as bigint) as fee_minor,
    {{ major_units('taxed.fee_minor', 'currencies.exponent') }} as fee,
    cast(taxed.fee_tax_minor as bigint) as fee_tax_minor,
    {{ major_units('taxed.fee_tax_minor', 'currencies.exponent') }} as fee_tax,
    cast(taxed.amount_minor - taxed.fee_minor as bigint) as net_minor,
    {{ major_units('taxed.amount_minor - taxed.fee_minor', 'currencies.exponent') }} as net,
    cast(taxed.currency as {{ dbt.type_string() }}) as currency,

    -- time
    cast(taxed.occurred_at as timestamp) as occurred_at,
    cast(taxed.business_date as date) as business_date,
    cast(taxed.value_date as date) as value_date,
    cast(taxed.expected_on as date) as expected_on,

    -- references
    cast(taxed.reference as {{ dbt.type_string() }}) as reference,
    cast(taxed.processor_reference as {{ dbt.type_string() }}) as processor_reference,
    cast(taxed.order_id as {{ dbt.type_string() }}) as order_id,
    cast(taxed.trace_reference as {{ dbt.type_string() }}) as trace_reference,
    cast(taxed.authorization_code as {{ dbt.type_string() }}) as authorization_code,
    cast(taxed.payout_id as {{ dbt.type_string() }}) as payout_id,
    cast(taxed.merchant_id as {{ dbt.type_string() }}) as merchant_id,
    cast(taxed.customer_id as {{ dbt.type_string() }}) as customer_id,
    cast(taxed.description as {{ dbt.type_string() }}) as description,

    -- state
    cast(taxed.times_reported as integer) as times_reported,
    cast(taxed.has_conflict as boolean) as has_conflict,
    cast(taxed.times_in_one_file as integer) as times_in_one_file,

    -- origin
    cast(taxed._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(taxed._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(taxed._source_line as bigint) as _source_line
from taxed
left join currencies on taxed.currency = currencies.currency
