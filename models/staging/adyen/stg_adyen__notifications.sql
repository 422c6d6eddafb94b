{% set sent = 'coalesce(exceptions.sent_exponent, currencies.exponent)' %}
with

lines as (
    select * from {{ source('adyen', 'adyen_notifications') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

exceptions as (
    select * from {{ ref('currency_exceptions') }} where source = 'adyen'
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.received_at,
        {{ ascii_upper('lines.currency') }} as currency_code,
        {{ utc_timestamp('lines.event_date', 'documents.time_zone') }} as event_at
    from lines
    inner join documents on lines._document_id = documents.document_id
),

named as (
    select
        typed.tenant_id,
        typed.source,
        {{ clean_text('typed.merchant_account') }} as source_account,
        {{ clean_text('typed.psp_reference') }} as psp_reference,
        {{ clean_text('typed.original_reference') }} as original_reference,
        {{ clean_text('typed.merchant_reference') }} as merchant_reference,
        {{ native_code('typed.event_code') }} as native_event,
        typed.success = 'true' as is_success,
        {{ native_code('typed.payment_method') }} as payment_method,
        {{ clean_text('typed.reason') }} as reason,
        {{ native_code('typed.dispute_status') }} as dispute_status,
        {{ clean_text('typed.chargeback_reason_code') }} as chargeback_reason_code,
        {{ clean_text('typed.defense_period_ends_at') }} as defense_period_ends_at,
        {{ sent_minor_units('typed.amount', sent, 'currencies.minor_unit_factor') }} as amount_minor,
        typed.currency_code as currency,
        typed.event_at,
        typed.received_at as _received_at,
        typed._document_id,
        typed._source_file,
        typed._source_line
    from typed
    left join currencies on typed.currency_code = currencies.currency
    left join exceptions on typed.currency_code = exceptions.currency
)

-- Notifications come in any order and more than once: the last word on a payment is that of its latest event, not of its latest line.
select
    named.*,
    row_number() over (
        partition by tenant_id, source_account, coalesce(original_reference, psp_reference)
        order by
            event_at desc,
            _received_at desc,
            _document_id desc,
            _source_line desc,
            native_event desc,
            psp_reference desc
    ) = 1 as is_latest
from named
