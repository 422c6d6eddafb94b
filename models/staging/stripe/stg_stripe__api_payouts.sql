with

{{ stripe_objects('stripe_api_payouts') }}

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    {{ clean_text('typed.id') }} as payout_id,
    {{ clean_text('typed.balance_transaction_id') }} as balance_transaction_id,
    {{ clean_text('typed.failure_balance_transaction_id') }} as failure_balance_transaction_id,
    {{ native_code('typed.status') }} as native_status,
    {{ native_code('typed.method') }} as payout_method,
    {{ native_code('typed.reconciliation_status') }} as reconciliation_status,
    typed.automatic = 'true' as is_automatic,
    {{ clean_text('typed.trace_id') }} as trace_id,
    {{ clean_text('typed.destination_id') }} as destination_id,

    -- money: positive; the movement on the balance is the balance transaction's
    {{ stripe_object_minor('typed.amount') }} as amount_minor,
    typed.currency_code as currency,

    -- time
    typed.created_at,
    cast({{ unix_timestamp('typed.arrival_date') }} as date) as expected_on,
    coalesce({{ unix_timestamp('typed.event_created') }}, typed.received_at) as told_at,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
left join exceptions on typed.currency_code = exceptions.currency
