-- Rates into a tenant's own currency on the days they were published. A publisher quotes everything against one currency (the European
-- Central Bank against the euro): two quotes of one day and one such pivot make the rate between them. A rate that was published as it is
-- needed goes before its inverse, and that before a cross.
with published as (
    select * from {{ ref('int_fx__published') }}
),

books as (
    select * from {{ ref('int_fx__books') }}
),

quotes as (
    select
        tenant_id, rate_source, rate_date, base_currency as pivot_currency, quote_currency as currency, rate,
        _document_id, _source_file, _source_line
    from published
    union all
    -- a unit of the pivot is one of it
    select
        tenant_id, rate_source, rate_date, base_currency as pivot_currency, base_currency as currency, cast(1 as decimal(20, 12)) as rate,
        min(_document_id) as _document_id, min(_source_file) as _source_file, min(_source_line) as _source_line
    from published
    group by tenant_id, rate_source, rate_date, base_currency
),

crossed as (
    select
        books.tenant_id,
        books.rate_source,
        books.priority,
        books.max_age_days,
        quotes.rate_date,
        quotes.currency as base_currency,
        books.functional_currency as quote_currency,
        quotes.pivot_currency,
        {{ rate_quotient('targets.rate * 1000000000000', 'quotes.rate * 1000000000000') }} as rate,
        case when quotes.pivot_currency = quotes.currency then targets._document_id else quotes._document_id end as _document_id,
        case when quotes.pivot_currency = quotes.currency then targets._source_file else quotes._source_file end as _source_file,
        case when quotes.pivot_currency = quotes.currency then targets._source_line else quotes._source_line end as _source_line
    from quotes
    inner join books on quotes.tenant_id = books.tenant_id and quotes.rate_source = books.rate_source
    inner join quotes as targets
        on
            quotes.tenant_id = targets.tenant_id
            and quotes.rate_source = targets.rate_source
            and quotes.rate_date = targets.rate_date
            and quotes.pivot_currency = targets.pivot_currency
            and books.functional_currency = targets.currency
    where quotes.currency != books.functional_currency
),

placed as (
    select
        crossed.*,
        row_number() over (
            partition by tenant_id, rate_source, base_currency, rate_date
            order by
                case when pivot_currency = base_currency then 1 when pivot_currency = quote_currency then 2 else 3 end,
                pivot_currency
        ) as place
    from crossed
)

select *
from placed
where place = 1
