with

pages as (
    select * from {{ ref('stg_bank__pages') }}
    where statement_kind = 'statement' and opening_minor is not null and closing_minor is not null
),

ordered as (
    select
        pages.*,
        row_number() over (
            partition by tenant_id, source_account, currency
            order by
                closing_date, opening_date, length(electronic_sequence) nulls last, electronic_sequence nulls last,
                {{ bytewise('statement_id') }}, page_number, _document_id
        ) as place
    from pages
),

-- Before a statement is the last one that closed when it opens. Of those of the week before, one that fits is taken first: a month's
-- statement follows the last month's, whatever days were told in between.
before as (
    select
        ordered._document_id,
        ordered.source_account,
        ordered.statement_id,
        ordered.page_number,
        ordered.currency,
        earlier.statement_id as previous_statement_id,
        earlier.closing_minor as previous_closing_minor,
        earlier.closing_date as previous_closing_date,
        row_number() over (
            partition by
                ordered._document_id, ordered.source_account, ordered.statement_id, ordered.page_number, ordered.currency
            order by
                case
                    when
                        earlier.closing_minor = ordered.opening_minor
                        and {{ days_between('earlier.closing_date', 'ordered.opening_date') }} <= 7
                        then 1
                    else 2
                end,
                earlier.place desc
        ) as choice
    from ordered
    inner join ordered as earlier
        on
            ordered.tenant_id = earlier.tenant_id
            and ordered.source_account = earlier.source_account
            and ordered.currency = earlier.currency
            and ordered.place > earlier.place
            and ordered.opening_date >= earlier.closing_date
)

select
    {{ key_hash('lnk', [
        'ordered._document_id', 'ordered.source_account', 'ordered.statement_id', 'ordered.page_number', 'ordered.currency',
    ]) }} as link_id,
    ordered.tenant_id,
    ordered.source_account,
    ordered.statement_id,
    ordered.page_number,
    before.previous_statement_id,
    ordered.currency,
    before.previous_closing_minor,
    ordered.opening_minor,
    cast(ordered.opening_minor - before.previous_closing_minor as bigint) as difference_minor,
    before.previous_closing_date,
    ordered.opening_date,
    ordered._document_id,
    ordered._source_file
from ordered
inner join before
    on
        ordered._document_id = before._document_id
        and ordered.source_account = before.source_account
        and ordered.statement_id = before.statement_id
        and ordered.page_number = before.page_number
        and ordered.currency = before.currency
        and before.choice = 1
