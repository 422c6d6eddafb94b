with

{{ stripe_objects('stripe_api_balance_transactions') }}

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
    {{ stripe_object_minor('typed.amount') }} as amount_minor,
    {{ stripe_object_minor('typed.fee') }} as fee_minor,
    {{ stripe_object_minor(json_list_sum('typed.fee_details', 'amount', 'type', 'tax')) }} as fee_tax_minor,
    {{ stripe_object_minor('typed.net') }} as reported_net_minor,
    typed.currency_code as currency,
    {{ clean_text('typed.exchange_rate') }} as exchange_rate,

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
