with

lines as (
    select * from {{ ref('stg_bank__lines') }}
),

details as (
    select * from {{ ref('stg_bank__entry_details') }}
),

booked as (
    select * from lines where is_transaction
),

-- A batch of a statement is explained by its own details, or by those of the notification that has its reference and amount.
explained_by as (
    select
        _document_id as line_document_id,
        source_account,
        statement_id as line_statement_id,
        entry_index as line_entry_index,
        _document_id,
        statement_id,
        entry_index
    from booked
    where details_count > 0
    union
    select
        booked._document_id as line_document_id,
        booked.source_account,
        booked.statement_id as line_statement_id,
        booked.entry_index as line_entry_index,
        notified._document_id,
        notified.statement_id,
        notified.entry_index
    from booked
    inner join lines as notified
        on
            booked.tenant_id = notified.tenant_id
            and booked.source_account = notified.source_account
            and booked.servicer_reference = notified.servicer_reference
            and booked.amount_minor = notified.amount_minor
            and booked.currency = notified.currency
    where booked.details_count = 0 and notified.details_count > 0 and notified.statement_kind = 'notification'
)

-- Its details name its counterparty and its text where they all say the same.
select
    explained_by.line_document_id as _document_id,
    explained_by.source_account,
    explained_by.line_statement_id as statement_id,
    explained_by.line_entry_index as entry_index,
    count(*) as detail_count,
    case when min(details.counterparty_name) = max(details.counterparty_name) then min(details.counterparty_name) end
        as counterparty_name,
    case when min(details.remittance) = max(details.remittance) then min(details.remittance) end as remittance,
    case when min(details.end_to_end_id) = max(details.end_to_end_id) then min(details.end_to_end_id) end as end_to_end_id
from explained_by
inner join details
    on
        explained_by._document_id = details._document_id
        and explained_by.source_account = details.source_account
        and explained_by.statement_id = details.statement_id
        and explained_by.entry_index = details.entry_index
group by
    explained_by.line_document_id, explained_by.source_account, explained_by.line_statement_id, explained_by.line_entry_index
