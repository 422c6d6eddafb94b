-- Lines that were written and not taken back again, in the currency the tenant keeps its books in now.
with written as (
    select * from {{ ref('int_fx__written') }} where recorded_at <= {{ as_of() }}
    union all
    select * from {{ ref('int_fx__unwritten') }}
),

tenant_books as (
    select
        tenant_id as whose,
        functional_currency as kept_in
    from {{ ref('int_fx__books') }}
    group by tenant_id, functional_currency
)

select
    written.functional_entry_id,
    written.functional_currency,
    written.line_key,
    written.account_code,
    written.posted_on,
    written.posting_period,
    written.rate,
    written.rate_published_on,
    min(written.tenant_id) as tenant_id,
    min(written.line_kind) as line_kind,
    min(written.transaction_currency) as transaction_currency,
    min(written.ledger_line_id) as ledger_line_id,
    min(written.entry_id) as entry_id,
    min(written.settlement_id) as settlement_id,
    max(written.recorded_at) as recorded_at,
    sum(written.amount_minor) as amount_minor
from written
inner join tenant_books on written.tenant_id = tenant_books.whose and written.functional_currency = tenant_books.kept_in
group by
    written.functional_entry_id, written.functional_currency, written.line_key, written.account_code, written.posted_on,
    written.posting_period, written.rate, written.rate_published_on
having sum(written.amount_minor) != 0
