with

found as (
    select * from {{ source('paypal', 'paypal_searched_transactions') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

typed as (
    select
        found.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.time_zone,
        documents.received_at,
        {{ native_code('found.event_code') }} as native_type,
        {{ native_code('found.status') }} as native_status,
        {{ ascii_upper('found.currency') }} as currency_code,
        {{ utc_timestamp('coalesce(found.updated_date, found.initiation_date)', 'documents.time_zone') }} as occurred_at
    from found
    inner join documents on found._document_id = documents.document_id
)

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    'search' as report,
    {{ clean_text('typed.transaction_id') }} as transaction_id,
    typed.native_type,
    substring(typed.native_type, 1, 3) as event_family,
    typed.native_status,
    {{ clean_text('typed.invoice_id') }} as invoice_id,
    {{ clean_text('typed.reference_id') }} as reference_id,
    {{ native_code('typed.reference_id_type') }} as reference_id_type,
    {{ clean_text('typed.custom_field') }} as custom_field,
    {{ clean_text('typed.bank_reference_id') }} as bank_reference_id,

    -- money: major units with their sign; a negative fee is a cost, and one in another currency has no number here: a control fails
    {{ minor_units('typed.amount', 'currencies.minor_unit_factor') }} as amount_minor,
    case when coalesce({{ ascii_upper('typed.fee_currency') }}, typed.currency_code) = typed.currency_code
            then -1 * {{ minor_units("coalesce(typed.fee_amount, '0')", 'currencies.minor_unit_factor') }}
    end as fee_minor,
    typed.currency_code as currency,
    -- what is pending or denied moved nothing, nor do authorisations and memos; a status nobody knows counts, as a break
    typed.native_status not in ('p', 'd')
    and substring(typed.native_type, 1, 3) not in ('t13', 't97', 't98', 't99') as is_booked,

    -- time
    typed.occurred_at,
    {{ utc_timestamp('typed.initiation_date', 'typed.time_zone') }} as initiated_at,
    {{ local_date('typed.occurred_at', 'typed.time_zone') }} as business_date,

    -- origin
    typed.received_at as _received_at,
    typed._document_id,
    typed._source_file,
    typed._source_line
from typed
left join currencies on typed.currency_code = currencies.currency
