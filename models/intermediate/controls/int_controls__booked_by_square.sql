-- Which lines of Square's tables are booked, told from raw once more: staging is not asked.
with documents as (
    select * from {{ ref('stg_documents__current') }}
),

objects as (
    select
        'square_payments' as record, 'payment' as kind, payment_id as object_id, payment_id, updated_at,
        upper(coalesce(source_type, '')) in ('CASH', 'EXTERNAL') or upper(coalesce(card_brand, '')) = 'SQUARE_GIFT_CARD' as is_beside,
        upper(status) = 'COMPLETED' as is_done, fee_1 is not null as has_fee, _document_id, _source_line
    from {{ source('square', 'square_payments') }}
    union all
    select
        'square_refunds' as record, 'refund' as kind, refund_id as object_id, payment_id, updated_at,
        upper(coalesce(destination_type, '')) in ('CASH', 'EXTERNAL')
        or upper(coalesce(destination_card_brand, '')) = 'SQUARE_GIFT_CARD' as is_beside,
        upper(status) = 'COMPLETED' and device_id is null as is_done, fee_1 is not null as has_fee, _document_id, _source_line
    from {{ source('square', 'square_refunds') }}
    union all
    select
        'square_payouts' as record, 'payout' as kind, payout_id as object_id, null as payment_id, updated_at,
        false as is_beside, true as is_done, true as has_fee, _document_id, _source_line
    from {{ source('square', 'square_payouts') }}
    union all
    select
        'square_disputes' as record, 'dispute' as kind, dispute_id as object_id, null as payment_id, updated_at,
        false as is_beside, upper(state) in ('LOST', 'ACCEPTED') as is_done, false as has_fee, _document_id, _source_line
    from {{ source('square', 'square_disputes') }}
),

versions as (
    select
        objects.*,
        documents.tenant_id || '/' || documents.source_account || '/' as account,
        max(case when objects.record = 'square_payments' and objects.is_beside then 1 else 0 end) over (
            partition by documents.tenant_id, documents.source_account, objects.payment_id
        ) as payment_is_beside,
        lead(objects.object_id) over (
            partition by documents.tenant_id, documents.source_account, objects.record, objects.object_id
            order by
                coalesce({{ utc_timestamp('objects.updated_at', 'documents.time_zone') }}, documents.received_at),
                documents.received_at nulls first, objects._document_id, objects._source_line
        ) is null as is_last
    from objects
    inner join documents on objects._document_id = documents.document_id
),

lines as (
    select
        'square_payout_entries' as record, replace(lower(type), 'charge', 'payment') as kind,
        case when upper(type) = 'CHARGE' then payment_id else coalesce(refund_id, dispute_id) end as object_id, true as moves,
        upper(type) != 'DISPUTE' or gross_amount like '-%' as tells, entry_id as row_key, _document_id, _source_line
    from {{ source('square', 'square_payout_entries') }}
    union all
    select
        'square_transactions' as record,
        coalesce(lower(event_type), case when total_collected like '-%' then 'refund' else 'payment' end) as kind,
        coalesce(payment_id, transaction_id) as object_id,
        {{ square_export_amount() }} != 0 or cast(coalesce(fees, '0') as decimal(28, 4)) != 0 as moves, true as tells,
        coalesce(payment_id, transaction_id) as row_key, _document_id, _source_line
    from {{ source('square', 'square_transactions') }}
),

-- What an entry or an export knows better: it has the fee.
told_by_lines as (
    select documents.tenant_id || '/' || documents.source_account || '/' || lines.kind || lines.object_id as told_id
    from lines
    inner join documents on lines._document_id = documents.document_id
    where lines.moves and lines.tells and lines.object_id is not null
    group by documents.tenant_id, documents.source_account, lines.kind, lines.object_id
)

-- An export may name a refund by its payment: which of the payment's refunds is meant, and so which has its fee told, is not judged.
select
    versions.record,
    versions._document_id as document_id,
    versions._source_line as source_line,
    versions.object_id as row_key,
    versions.kind != 'refund' or versions.has_fee or of_payment.told_id is null as is_certain
from versions
left join told_by_lines on versions.account || versions.kind || versions.object_id = told_by_lines.told_id
left join told_by_lines as of_payment on versions.account || 'refund' || versions.payment_id = of_payment.told_id
where versions.is_last and versions.is_done and not versions.is_beside
    and not (versions.kind = 'refund' and versions.payment_is_beside = 1)
    and (versions.has_fee or told_by_lines.told_id is null)
union all
select lines.record, lines._document_id as document_id, lines._source_line as source_line, lines.row_key, true as is_certain
from lines
inner join documents on lines._document_id = documents.document_id
where lines.moves
