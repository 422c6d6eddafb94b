with

{{ landed_lines('disputes', 'dispute_events') }},

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.time_zone,
        documents.received_at,
        coalesce({{ clean_text('lines.source_account') }}, documents.source_account) as account,
        {{ ascii_lower(clean_text('lines.processor_name')) }} as processor,
        {{ ascii_upper('lines.currency') }} as currency_code
    from lines
    inner join documents on lines._document_id = documents.document_id
)

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.account as source_account,
    typed.processor,
    {{ clean_text('typed.dispute_id') }} as dispute_id,
    {{ clean_text('typed.reference_number') }} as reference,
    {{ clean_text('typed.merchant_id') }} as merchant_id,
    {{ native_code('typed.stage') }} as native_event,

    -- why
    {{ native_code('typed.reason') }} as reason,
    {{ clean_text('typed.reason_code') }} as reason_code,
    {{ native_code('typed.network') }} as network,

    -- money: what is disputed, positive; it moves nothing by itself
    {{ minor_units('typed.amount', 'currencies.minor_unit_factor') }} as disputed_minor,
    typed.currency_code as currency,

    -- time
    {{ utc_timestamp('typed.told_at', 'typed.time_zone') }} as told_at,
    {{ iso_date('typed.respond_by') }} as respond_by,
    coalesce(typed.is_answered = 'true', false) as is_answered,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
