with

reported as (
    select * from {{ ref('stg_paypal__transactions') }}
),

searched as (
    select * from {{ ref('stg_paypal__searched_transactions') }}
),

-- The search names no account, and the deployment's name for it may be another than the reports'. PayPal's ids are its own
-- everywhere, so a transaction that a report tells of is of that report's account, and not a second one.
accounts as (
    select
        tenant_id,
        source,
        transaction_id,
        min({{ bytewise('source_account') }}) as source_account
    from reported
    group by tenant_id, source, transaction_id
    having min({{ bytewise('source_account') }}) = max({{ bytewise('source_account') }})
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
    searched.tenant_id,
    searched.source,
    coalesce(accounts.source_account, searched.source_account) as source_account,
    searched.report,
    searched.transaction_id,
    searched.native_type,
    searched.event_family,
    searched.native_status,
    searched.invoice_id,
    searched.reference_id,
    searched.custom_field,
    cast(null as {{ dbt.type_string() }}) as store_id,
    cast(null as {{ dbt.type_string() }}) as consumer_id,
    searched.bank_reference_id,
    cast(null as {{ dbt.type_string() }}) as description,
    searched.amount_minor,
    searched.fee_minor,
    searched.currency,
    searched.is_booked,
    searched.occurred_at,
    searched.business_date,
    searched._received_at,
    searched._document_id,
    searched._source_file,
    searched._source_line
from searched
left join accounts
    on searched.tenant_id = accounts.tenant_id
        and searched.source = accounts.source
        and searched.transaction_id = accounts.transaction_id
