with

{{ stripe_objects('stripe_api_disputes') }}

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
    {{ clean_text('typed.network_reason_code') }} as reason_code,
    {{ native_code('typed.network') }} as network,
    coalesce(cast(typed.submission_count as integer), 0) > 0 as has_evidence,

    -- money: positive, in the customer's currency; it moves nothing by itself
    {{ stripe_object_minor('typed.amount') }} as amount_minor,
    typed.currency_code as currency,

    -- time
    typed.created_at,
    coalesce({{ unix_timestamp('typed.event_created') }}, typed.received_at) as told_at,
    {{ unix_timestamp('typed.due_by') }} as due_at,
    {{ last_day(unix_timestamp('typed.due_by'), 'typed.time_zone') }} as due_on,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
left join exceptions on typed.currency_code = exceptions.currency
