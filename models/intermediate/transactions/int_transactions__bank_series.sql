with

pages as (
    select * from {{ ref('int_transactions__bank_pages') }}
),

ended as (
    select
        *,
        row_number() over (partition by unit_id order by page_number, _document_id) as first_place,
        row_number() over (partition by unit_id order by page_number desc, _document_id desc) as last_place
    from pages
),

units as (
    select
        unit_id,
        tenant_id,
        source_account,
        currency,
        format,
        statement_kind,
        statement_id,
        min(_document_id) as first_document_id,
        min(electronic_sequence) as electronic_sequence,
        min(covers_from) as covers_from,
        max(covers_to) as covers_to,
        max(case when first_place = 1 then opening_minor end) as opening_minor,
        max(case when first_place = 1 then opening_date end) as opening_date,
        max(case when last_place = 1 then closing_minor end) as closing_minor,
        max(case when last_place = 1 then closing_date end) as closing_date
    from ended
    group by unit_id, tenant_id, source_account, currency, format, statement_kind, statement_id
),

beside as (
    select
        units.*,
        row_number() over in_time as unit_place,
        lag(first_document_id) over in_time as before_document_id,
        lag(electronic_sequence) over in_time as before_electronic_sequence,
        lag(opening_minor) over in_time as before_opening_minor,
        lag(closing_minor) over in_time as before_closing_minor,
        lag(closing_date) over in_time as before_closing_date,
        lag(covers_to) over in_time as before_covers_to
    from units
    window in_time as (
        partition by tenant_id, source_account, currency, format, statement_kind
        order by
            case when electronic_sequence is null then 1 else 0 end,
            covers_to nulls first, length(electronic_sequence) nulls last, electronic_sequence nulls last, covers_from desc nulls last,
            {{ bytewise('statement_id') }}, first_document_id, unit_id
    )
),

-- A statement that opens with the closing balance of the one before it goes on where that ended: equal lines of the two on one day
-- are different lines. So are those of two statements without balances in one file. Any other two of a day tell the same lines,
-- also two that open with the same balance, unless the bank numbers them differently. Numbered statements and those without a number
-- are tellings apart (days beside months): a balance that comes again by chance makes none of them go on from the other.
linked as (
    select
        beside.*,
        coalesce(
            covers_from <= before_covers_to
            and (electronic_sequence is null) = (before_electronic_sequence is null)
            and case
                when opening_minor is null and before_opening_minor is null then first_document_id = before_document_id
                else opening_minor = before_closing_minor
                    and (opening_minor is distinct from before_opening_minor or electronic_sequence != before_electronic_sequence)
                    and opening_date >= before_closing_date
            end,
            false
        ) as goes_on
    from beside
)

select
    linked.unit_id,
    linked.unit_place,
    linked.goes_on,
    linked.tenant_id,
    linked.source_account,
    linked.currency,
    linked.format,
    linked.statement_kind,
    linked.statement_id,
    unit_place - sum(case when goes_on then 1 else 0 end) over (
        partition by tenant_id, source_account, currency, format, statement_kind
        order by unit_place
        rows between unbounded preceding and current row
    ) as series_number
from linked
