{% set sent = 'coalesce(exceptions.sent_exponent, currencies.exponent)' %}
with

lines as (
    select * from {{ source('stripe', 'stripe_api_balance_transactions') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

exceptions as (
    select * from {{ ref('currency_exceptions') }} where source = 'stripe'
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.time_zone,
        documents.received_at,
        {{ ascii_upper('lines.currency') }} as currency_code,
        {{ unix_timestamp('lines.created') }} as created_at
    from lines
    inner join documents on lines._document_id = documents.document_id
)

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    {{ clean_text('typed.id') }} as balance_transaction_id,
    coalesce(nullif({{ native_code('typed.reporting_category') }}, '(none)'), {{ native_code('typed.type') }}) as native_type,
    {{ clean_text('typed.source_id') }} as source_id,
    {{ native_code('typed.status') }} as funds_status,
    {{ clean_text('typed.description') }} as description,

    -- money
    {{ sent_minor_units('typed.amount', sent, 'currencies.minor_unit_factor') }} as amount_minor,
    {{ sent_minor_units('typed.fee', sent, 'currencies.minor_unit_factor') }} as fee_minor,
    {{ sent_minor_units('typed.net', sent, 'currencies.minor_unit_factor') }} as reported_net_minor,
    typed.currency_code as currency,

    -- time
    typed.created_at as occurred_at,
    {{ local_date('typed.created_at', 'typed.time_zone') }} as business_date,
    cast({{ unix_timestamp('typed.available_on') }} as date) as available_on,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
left join exceptions on typed.currency_code = exceptions.currency
