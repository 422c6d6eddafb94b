with

entries as (
    select * from {{ ref('stg_bank__entries') }}
),

statements as (
    select * from {{ ref('stg_bank__statements') }}
),

pages as (
    select * from {{ ref('stg_bank__pages') }} where statement_kind = 'statement'
),

kinded as (
    select
        entries.*,
        coalesce(statements.statement_kind, 'statement') as statement_kind,
        statements.format,
        coalesce(statements.statement_kind, 'statement') = 'statement' as is_of_statement
    from entries
    left join statements
        on
            entries._document_id = statements._document_id
            and entries.source_account = statements.source_account
            and entries.statement_id = statements.statement_id
            and entries.page_number = statements.page_number
),

-- What an intraday report or a notification announced, and a statement has said since: its day is covered, or the line with
-- its reference and money is there.
replaced as (
    select announced._document_id, announced.source_account, announced.statement_id, announced.entry_index
    from kinded as announced
    inner join pages
        on
            announced.tenant_id = pages.tenant_id
            and announced.source_account = pages.source_account
            and announced.currency = pages.currency
            and announced.booking_date between pages.covers_from and pages.covers_to
    where not announced.is_of_statement
    union
    select announced._document_id, announced.source_account, announced.statement_id, announced.entry_index
    from kinded as announced
    inner join kinded as booked
        on
            announced.tenant_id = booked.tenant_id
            and announced.source_account = booked.source_account
            and announced.currency = booked.currency
            and announced.servicer_reference = booked.servicer_reference
            and announced.amount_minor = booked.amount_minor
            and {{ days_between('announced.booking_date', 'booked.booking_date') }} between -10 and 10
    where not announced.is_of_statement and booked.is_of_statement and booked.is_booked
)

select
    kinded.*,
    -- money that is only announced is pending, whatever the bank calls it
    case when kinded.is_of_statement then kinded.native_status else 'pdng' end as line_status,
    case
        when kinded.is_of_statement then kinded.is_booked
        else kinded.native_status in ('book', 'pdng') and replaced._document_id is null
    end as is_transaction
from kinded
left join replaced
    on
        kinded._document_id = replaced._document_id
        and kinded.source_account = replaced.source_account
        and kinded.statement_id = replaced.statement_id
        and kinded.entry_index = replaced.entry_index
