-- What Adyen says of a dispute: notifications say the stage, the accounting report says what became of the payment. All of one
-- dispute have its reference; a later step may have one of its own, and then the payment's reference finds the dispute.
with

notifications as (
    select * from {{ ref('stg_adyen__notifications') }} where is_success
),

accounting as (
    select * from {{ ref('stg_adyen__payments_accounting') }}
),

words as (
    select native_event from {{ ref('chargeback_words') }} where source = 'adyen' group by native_event
)

select
    -- keys
    notifications.tenant_id,
    notifications.source,
    notifications.source_account,
    'adyen' as vocabulary,
    notifications.native_event,
    notifications.dispute_status as native_status,
    true as is_stated,
    notifications.psp_reference as dispute_ref,
    notifications.original_reference as payment_ref,
    notifications.merchant_reference as reference,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    notifications.source_account as merchant_id,

    -- why
    notifications.reason,
    notifications.chargeback_reason_code as reason_code,
    nullif(notifications.payment_method, '(none)') as native_network,

    -- money
    notifications.amount_minor as disputed_minor,
    notifications.currency as disputed_currency,
    cast(null as bigint) as amount_minor,
    cast(null as bigint) as fee_minor,
    cast(null as {{ dbt.type_string() }}) as currency,

    -- time
    notifications.event_at as occurred_at,
    notifications.event_at as opened_at,
    {{ iso_date('notifications.defense_period_ends_at') }} as respond_by,
    cast(null as timestamp) as respond_until,
    false as has_answer,

    -- origin
    notifications._received_at,
    notifications._document_id,
    notifications._source_file,
    notifications._source_line
from notifications
inner join words on notifications.native_event = words.native_event
union all
select
    accounting.tenant_id, accounting.source, accounting.source_account, 'adyen' as vocabulary, accounting.native_type as native_event,
    '*' as native_status, false as is_stated, accounting.modification_reference as dispute_ref, accounting.psp_reference as payment_ref,
    accounting.merchant_reference as reference, cast(null as {{ dbt.type_string() }}) as transaction_id,
    accounting.source_account as merchant_id, cast(null as {{ dbt.type_string() }}) as reason,
    cast(null as {{ dbt.type_string() }}) as reason_code, nullif(accounting.payment_method, '(none)') as native_network,
    abs(accounting.main_minor) as disputed_minor, accounting.main_currency as disputed_currency, cast(null as bigint) as amount_minor,
    cast(null as bigint) as fee_minor, cast(null as {{ dbt.type_string() }}) as currency, accounting.booked_at as occurred_at,
    accounting.booked_at as opened_at, cast(null as date) as respond_by, cast(null as timestamp) as respond_until,
    false as has_answer, accounting._received_at, accounting._document_id, accounting._source_file, accounting._source_line
from accounting
inner join words on accounting.native_type = words.native_event
