-- Which bank entries are booked, or stand in as pending, told from raw once more: staging is not asked.
with documents as (
    select * from {{ ref('stg_documents__current') }}
),

statements as (
    select
        _document_id, account, statement_id, coalesce(page_number, '0') as page_number,
        coalesce(statement_kind, 'statement') as kind, period_from, period_to
    from {{ source('bank', 'bank_statements') }}
),

entries as (
    select
        documents.tenant_id, told.account, upper(told.currency) as currency, upper(told.status) as status,
        cast(told.amount as decimal(28, 4)) as amount, told.credit_debit, coalesce(statements.kind, 'statement') as kind,
        case when upper(trim(told.servicer_reference)) not in ('NOTPROVIDED', 'NOT PROVIDED', 'NONREF', 'NOREF', '')
                then trim(told.servicer_reference)
        end as reference,
        {{ iso_date('coalesce(told.booking_date, told.value_date)') }} as booked_on,
        told.statement_id, coalesce(told.page_number, '0') as page_number, told._document_id, told._source_line, told.entry_index
    from {{ source('bank', 'bank_entries') }} as told
    inner join documents on told._document_id = documents.document_id
    left join statements
        on told._document_id = statements._document_id and told.account = statements.account
            and told.statement_id = statements.statement_id and coalesce(told.page_number, '0') = statements.page_number
),

-- The days a statement tells: its period, else from its first booked entry to its closing balance.
days as (
    select _document_id, account, statement_id, page_number, currency, booked_on as first_day, booked_on as last_day, null as closed_on
    from entries
    where kind = 'statement' and status = 'BOOK'
    union all
    select
        _document_id, account, statement_id, coalesce(page_number, '0') as page_number, upper(currency) as currency,
        null as first_day, null as last_day, {{ iso_date('balance_date') }} as closed_on
    from {{ source('bank', 'bank_balances') }}
    where upper(balance_type) in ('CLBD', 'ITBD')
),

covered as (
    select
        documents.tenant_id, days.account, days.currency,
        coalesce(
            {{ iso_date('min(statements.period_from)') }},
            least(coalesce(min(days.first_day), max(days.closed_on)), coalesce(max(days.closed_on), min(days.first_day)))
        ) as from_day,
        coalesce({{ iso_date('min(statements.period_to)') }}, max(days.closed_on), max(days.last_day)) as to_day
    from days
    inner join documents on days._document_id = documents.document_id
    inner join statements
        on days._document_id = statements._document_id and days.account = statements.account
            and days.statement_id = statements.statement_id and days.page_number = statements.page_number
    where statements.kind = 'statement'
    group by documents.tenant_id, days._document_id, days.account, days.statement_id, days.page_number, days.currency
),

-- Only what an account report or a notice announces can be told again by a statement.
announced as (
    select * from entries where kind != 'statement'
),

told_since as (
    select announced._document_id, announced._source_line, announced.entry_index
    from announced
    inner join covered
        on announced.tenant_id = covered.tenant_id and announced.account = covered.account and announced.currency = covered.currency
            and announced.booked_on >= covered.from_day and announced.booked_on <= covered.to_day
    union
    select announced._document_id, announced._source_line, announced.entry_index
    from announced
    inner join entries as booked
        on announced.tenant_id = booked.tenant_id and announced.account = booked.account and announced.currency = booked.currency
            and announced.reference = booked.reference and announced.amount = booked.amount
            and announced.credit_debit = booked.credit_debit and booked.kind = 'statement' and booked.status = 'BOOK'
            and abs({{ days_between('announced.booked_on', 'booked.booked_on') }}) <= 10
)

select
    'bank_entries' as record,
    entries._document_id as document_id,
    entries._source_line as source_line,
    entries.account,
    entries.statement_id,
    entries.entry_index,
    true as is_certain
from entries
left join told_since
    on entries._document_id = told_since._document_id and entries._source_line = told_since._source_line
        and entries.entry_index = told_since.entry_index
where (entries.kind = 'statement' and entries.status = 'BOOK')
    or (entries.kind != 'statement' and entries.status in ('BOOK', 'PDNG') and told_since._document_id is null)
