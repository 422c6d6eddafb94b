with

entries as (
    select * from {{ ref('stg_bank__entries') }}
),

details as (
    select * from {{ ref('stg_bank__entry_details') }}
),

-- A batch entry names its counterparty in its details only; where they all say the same, the entry is theirs.
agreed_counterparties as (
    select
        _document_id,
        source_account,
        statement_id,
        entry_index,
        min(counterparty_name) as counterparty_name
    from details
    group by _document_id, source_account, statement_id, entry_index
    having min(counterparty_name) = max(counterparty_name)
),

named as (
    select
        entries.*,
        coalesce(entries.counterparty_name, agreed_counterparties.counterparty_name) as counterparty,
        coalesce(entries.remittance, '') || ' ' || coalesce(entries.end_to_end_id, '') || ' '
        || coalesce(entries.transaction_reference, '') || ' ' || coalesce(entries.additional_information, '') as text_fields,
        count(*) over (
            partition by
                entries._document_id,
                entries.source_account,
                entries.booking_date,
                entries.servicer_reference
        ) as same_reference
    from entries
    left join agreed_counterparties
        on entries._document_id = agreed_counterparties._document_id
            and entries.source_account = agreed_counterparties.source_account
            and entries.statement_id = agreed_counterparties.statement_id
            and entries.entry_index = agreed_counterparties.entry_index
    where entries.is_booked
)

select
    {{ key_hash('bel', ['_document_id', 'source_account', 'statement_id', 'entry_index']) }} as bank_line_id,
    tenant_id,
    source,
    source_account,
    -- The bank's own reference finds the same line in a daily and a monthly statement. Some banks write one reference
    -- on several lines of a day (a payment and its charge): there the line's place in the statement is its name.
    case
        when servicer_reference is not null and same_reference = 1 then servicer_reference
        else statement_id || '/' || cast(entry_index as {{ dbt.type_string() }})
    end as native_id,
    case
        when servicer_reference is not null and same_reference = 1
            then 'entry ' || cast(booking_date as {{ dbt.type_string() }})
        else 'entry'
    end as record,
    coalesce(domain_code || '-' || family_code || '-' || sub_family_code, proprietary_code, '(none)') as native_type,
    native_status,
    counterparty as counterparty_name,
    counterparty_account,
    remittance,
    additional_information,
    end_to_end_id,
    coalesce(end_to_end_id, transaction_reference, servicer_reference) as trace_reference,
    {{ payout_reference('text_fields') }} as payout_reference,
    amount_minor,
    currency,
    occurred_at,
    booking_date,
    value_date,
    entry_index,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from named
