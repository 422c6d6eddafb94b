with

lines as (
    select * from {{ source('square', 'square_payout_entries') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.time_zone,
        documents.received_at,
        {{ native_code('lines.type') }} as entry_type,
        {{ clean_text('lines.entry_id') }} as own_id,
        {{ clean_text('lines.dispute_id') }} as disputed_id,
        cast(lines.gross_amount as bigint) as gross_minor,
        {{ utc_timestamp('lines.effective_at', 'documents.time_zone') }} as effective_on
    from lines
    inner join documents on lines._document_id = documents.document_id
),

-- The first entry that takes a dispute's money is the dispute once more; the money of one that was won may be taken again.
takings as (
    select
        tenant_id,
        source,
        source_account,
        disputed_id,
        own_id,
        row_number() over (
            partition by tenant_id, source, source_account, disputed_id order by min(effective_on), {{ bytewise('own_id') }}
        ) as place
    from typed
    where entry_type = 'dispute' and disputed_id is not null and gross_minor < 0
    group by tenant_id, source, source_account, disputed_id, own_id
),

named as (
    select
        typed.*,
        case
            when typed.entry_type = 'charge' and typed.payment_id is not null then 'payment'
            when typed.entry_type = 'refund' and typed.refund_id is not null then 'refund'
            when takings.place = 1 and typed.gross_minor < 0 then 'dispute'
            else 'payout_entry'
        end as record
    from typed
    left join takings
        on typed.entry_type = 'dispute'
            and typed.tenant_id = takings.tenant_id
            and typed.source = takings.source
            and coalesce(typed.source_account, '') = coalesce(takings.source_account, '')
            and typed.disputed_id = takings.disputed_id
            and typed.own_id = takings.own_id
)

select
    -- keys
    tenant_id, source, source_account, record,
    case record
        when 'payment' then {{ clean_text('payment_id') }}
        when 'refund' then {{ clean_text('refund_id') }}
        when 'dispute' then disputed_id
        else own_id
    end as native_id,
    entry_type as native_type,
    'completed' as native_status,
    cast(null as {{ dbt.type_string() }}) as reference,
    cast(null as {{ dbt.type_string() }}) as order_id,
    cast(null as {{ dbt.type_string() }}) as trace_reference,
    {{ clean_text('payment_id') }} as payment_id,
    {{ clean_text('payout_id') }} as payout_id,
    disputed_id as dispute_id,
    cast(null as {{ dbt.type_string() }}) as location_id,
    cast(null as {{ dbt.type_string() }}) as customer_id,
    cast(null as {{ dbt.type_string() }}) as description,

    -- money: signed as it moved the balance
    gross_minor as amount_minor, cast(fee_amount as bigint) as fee_minor, {{ ascii_upper('currency') }} as currency,

    -- time
    effective_on as occurred_at,
    {{ local_date('effective_on', 'time_zone') }} as business_date,
    cast(null as date) as expected_on,
    effective_on as told_at,

    -- state
    true as moves_money, true as knows_fee,

    -- origin
    3 as record_priority, received_at as _received_at, _document_id, _source_file, _source_line
from named
