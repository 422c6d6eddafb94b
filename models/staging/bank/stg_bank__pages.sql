with

statements as (
    select * from {{ ref('stg_bank__statements') }}
),

ends as (
    select * from {{ ref('stg_bank__page_ends') }}
),

entries as (
    select * from {{ ref('stg_bank__entries') }}
),

sums as (
    select
        _document_id,
        source_account,
        statement_id,
        page_number,
        currency,
        sum(case when is_booked then amount_minor else 0 end) as booked_minor,
        min(case when is_booked then booking_date end) as first_booked_on,
        max(case when is_booked then booking_date end) as last_booked_on
    from entries
    group by _document_id, source_account, statement_id, page_number, currency
),

currencies as (
    select _document_id, source_account, statement_id, page_number, currency from ends
    union
    select _document_id, source_account, statement_id, page_number, currency from sums
)

select
    statements.tenant_id,
    statements.source,
    statements.format,
    statements.source_account,
    statements.statement_id,
    statements.page_number,
    currencies.currency,
    statements.statement_kind,
    statements.electronic_sequence,
    ends.opening_minor,
    ends.closing_minor,
    cast(coalesce(sums.booked_minor, 0) as bigint) as booked_minor,
    ends.opening_date,
    ends.closing_date,
    -- the days whose lines the page has; the opening balance is often of the day before
    coalesce(
        statements.period_from,
        least(coalesce(sums.first_booked_on, ends.closing_date), coalesce(ends.closing_date, sums.first_booked_on))
    ) as covers_from,
    coalesce(statements.period_to, ends.closing_date, sums.last_booked_on) as covers_to,
    statements._document_id,
    statements._source_file,
    statements._source_line
from statements
inner join currencies
    on
        statements._document_id = currencies._document_id
        and statements.source_account = currencies.source_account
        and statements.statement_id = currencies.statement_id
        and statements.page_number = currencies.page_number
left join ends
    on
        currencies._document_id = ends._document_id
        and currencies.source_account = ends.source_account
        and currencies.statement_id = ends.statement_id
        and currencies.page_number = ends.page_number
        and currencies.currency = ends.currency
left join sums
    on
        currencies._document_id = sums._document_id
        and currencies.source_account = sums.source_account
        and currencies.statement_id = sums.statement_id
        and currencies.page_number = sums.page_number
        and currencies.currency = sums.currency
