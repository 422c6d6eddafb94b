with

reported as (
    select * from {{ ref('stg_paypal__transactions') }}
),

searched as (
    select * from {{ ref('stg_paypal__searched_transactions') }}
)

select
    tenant_id,
    source,
    source_account,
    report,
    transaction_id,
    native_type,
    event_family,
    native_status,
    invoice_id,
    reference_id,
    custom_field,
    store_id,
    consumer_id,
    bank_reference_id,
    description,
    amount_minor,
    fee_minor,
    currency,
    is_booked,
    occurred_at,
    business_date,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from reported
union all
select
    tenant_id,
    source,
    source_account,
    report,
    transaction_id,
    native_type,
    event_family,
    native_status,
    invoice_id,
    reference_id,
    custom_field,
    cast(null as {{ dbt.type_string() }}) as store_id,
    cast(null as {{ dbt.type_string() }}) as consumer_id,
    bank_reference_id,
    cast(null as {{ dbt.type_string() }}) as description,
    amount_minor,
    fee_minor,
    currency,
    is_booked,
    occurred_at,
    business_date,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from searched
