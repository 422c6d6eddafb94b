with

lines as (
    select * from {{ source('paypal', 'paypal_transactions') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        coalesce({{ clean_text('lines.account_id') }}, documents.source_account) as source_account,
        documents.time_zone,
        documents.received_at,
        {{ native_code('lines.event_code') }} as native_type,
        {{ native_code('lines.transactional_status') }} as native_status,
        {{ ascii_upper('lines.gross_currency') }} as currency_code,
        {{ utc_timestamp('lines.completion_date', 'documents.time_zone') }} as occurred_at
    from lines
    inner join documents on lines._document_id = documents.document_id
)

select
    -- keys
    typed.tenant_id,
    typed.source,
    typed.source_account,
    typed.report,
    {{ clean_text('typed.transaction_id') }} as transaction_id,
    typed.native_type,
    substring(typed.native_type, 1, 3) as event_family,
    typed.native_status,
    {{ clean_text('typed.invoice_id') }} as invoice_id,
    {{ clean_text('typed.reference_id') }} as reference_id,
    {{ native_code('typed.reference_id_type') }} as reference_id_type,
    {{ clean_text('typed.custom_field') }} as custom_field,
    {{ clean_text('typed.consumer_id') }} as consumer_id,
    {{ clean_text('typed.payment_tracking_id') }} as payment_tracking_id,
    {{ clean_text('typed.store_id') }} as store_id,
    {{ clean_text('typed.bank_reference_id') }} as bank_reference_id,
    {{ clean_text('typed.transaction_description') }} as description,

    -- money: hundredths of every currency, unsigned; a fee that is a debit is a cost
    case when typed.credit_debit = 'DR' then -1 else 1 end
    * {{ sent_minor_units('typed.gross_amount', '2', 'currencies.minor_unit_factor') }} as amount_minor,
    case when typed.fee_credit_debit = 'CR' then -1 else 1 end
    * {{ sent_minor_units("coalesce(typed.fee_amount, '0')", '2', 'currencies.minor_unit_factor') }} as fee_minor,
    typed.currency_code as currency,
    -- settlement reports list what moved the balance; of the others what is pending or denied did not; a status nobody knows counts
    typed.report = 'STL' or (
        typed.native_status not in ('p', 'd')
        and substring(typed.native_type, 1, 3) not in ('t13', 't97', 't98', 't99')
    ) as is_booked,

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
