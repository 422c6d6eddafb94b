with released as (
    select document_id from {{ ref('stg_documents__register') }} where door = 'released'
),

entries as (
    select
        _document_id,
        source_account,
        statement_id,
        page_number,
        currency,
        min(booking_date) as first_day,
        max(booking_date) as last_day
    from {{ ref('stg_bank__entries') }}
    where is_booked
    group by _document_id, source_account, statement_id, page_number, currency
),

-- A statement may book what is dated before its period.
pages as (
    select
        pages._document_id,
        pages.tenant_id,
        pages.source_account,
        pages.statement_id,
        pages.page_number,
        pages.currency,
        pages.opening_minor,
        pages.closing_minor,
        least(coalesce(pages.covers_from, entries.first_day), coalesce(entries.first_day, pages.covers_from)) as from_day,
        greatest(coalesce(pages.covers_to, entries.last_day), coalesce(entries.last_day, pages.covers_to)) as to_day,
        case
            when pages.opening_minor is null or pages.closing_minor is null or released.document_id is not null then 1
            else 0
        end as says_nothing
    from {{ ref('stg_bank__pages') }} as pages
    left join entries
        on
            pages._document_id = entries._document_id
            and pages.source_account = entries.source_account
            and pages.statement_id = entries.statement_id
            and pages.page_number = entries.page_number
            and pages.currency = entries.currency
    left join released on pages._document_id = released.document_id
    where pages.statement_kind = 'statement'
),

beside as (
    select
        pages.*,
        max(to_day) over (
            partition by tenant_id, source_account, currency
            order by from_day, to_day, opening_minor nulls first, closing_minor nulls first
            rows between unbounded preceding and 1 preceding
        ) as told_until
    from pages
    where from_day is not null and to_day is not null
),

-- Statements that share days are one stretch.
numbered as (
    select
        beside.*,
        sum(case when from_day <= told_until then 0 else 1 end) over (
            partition by tenant_id, source_account, currency
            order by from_day, to_day, opening_minor nulls first, closing_minor nulls first
            rows between unbounded preceding and current row
        ) as stretch_number
    from beside
)

select
    _document_id,
    tenant_id,
    source_account,
    statement_id,
    page_number,
    currency,
    stretch_number,
    from_day,
    to_day,
    opening_minor,
    closing_minor,
    says_nothing,
    case
        when from_day = min(from_day) over (partition by tenant_id, source_account, currency, stretch_number) then 1 else 0
    end as is_first,
    case
        when to_day = max(to_day) over (partition by tenant_id, source_account, currency, stretch_number) then 1 else 0
    end as is_last
from numbered
