{% set sent = 'coalesce(exceptions.sent_exponent, currencies.exponent)' %}
with

lines as (
    select * from {{ source('stripe', 'stripe_api_disputes') }}
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
    {{ clean_text('typed.id') }} as dispute_id,
    {{ clean_text('typed.charge_id') }} as charge_id,
    {{ clean_text('typed.balance_transaction_id') }} as balance_transaction_id,
    {{ clean_text('typed.failure_balance_transaction_id') }} as second_balance_transaction_id,
    {{ clean_text('typed.payment_intent_id') }} as payment_intent_id,
    {{ clean_text('typed.merchant_reference') }} as merchant_reference,
    {{ native_code('typed.status') }} as native_status,
    {{ native_code('typed.reason') }} as reason,

    -- money: positive, in the customer's currency; it moves nothing by itself
    {{ sent_minor_units('typed.amount', sent, 'currencies.minor_unit_factor') }} as amount_minor,
    typed.currency_code as currency,

    -- time
    typed.created_at,
    coalesce({{ unix_timestamp('typed.event_created') }}, typed.received_at) as told_at,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
left join exceptions on typed.currency_code = exceptions.currency
