with

lines as (
    select * from {{ source('square', 'square_disputes') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

-- The loss is of the day the case was lost or accepted, as far as its versions tell, and not of the day it was opened.
timed as (
    select
        lines.*,
        {{ native_code('lines.state') }} in ('lost', 'accepted') as is_loss,
        {{ utc_timestamp('lines.created_at', 'documents.time_zone') }} as opened_at,
        {{ utc_timestamp('lines.updated_at', 'documents.time_zone') }} as changed_at,
        {{ utc_timestamp('lines.due_at', 'documents.time_zone') }} as due_at_utc
    from lines
    inner join documents on lines._document_id = documents.document_id
),

dated as (
    select timed.*, case when is_loss then coalesce(changed_at, opened_at) else opened_at end as occurred_at from timed
)

select
    -- keys
    documents.tenant_id,
    documents.source,
    documents.source_account,
    'dispute' as record,
    {{ clean_text('lines.dispute_id') }} as native_id,
    'dispute' as native_type,
    {{ native_code('lines.state') }} as native_status,
    cast(null as {{ dbt.type_string() }}) as reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    cast(null as {{ dbt.type_string() }}) as trace_reference,
    {{ clean_text('lines.payment_id') }} as payment_id,
    cast(null as {{ dbt.type_string() }}) as payout_id,
    {{ clean_text('lines.location_id') }} as location_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    {{ clean_text('lines.reason') }} as description,

    -- money: positive at Square; it is the merchant's loss once the case is lost
    -cast(lines.amount as bigint) as amount_minor,
    cast(0 as bigint) as fee_minor,
    {{ ascii_upper('lines.currency') }} as currency,

    -- time
    lines.opened_at,
    lines.occurred_at,
    {{ local_date('lines.occurred_at', 'documents.time_zone') }} as business_date,
    cast(null as date) as expected_on,
    coalesce(lines.changed_at, documents.received_at) as told_at,

    -- state
    lines.is_loss as moves_money,
    false as knows_fee,
    {{ native_code('lines.card_brand') }} as network,
    lines.due_at_utc as due_at,
    {{ last_day('lines.due_at_utc', 'documents.time_zone') }} as due_on,

    -- origin
    1 as record_priority,
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from dated as lines
inner join documents on lines._document_id = documents.document_id
