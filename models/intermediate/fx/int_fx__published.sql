-- What publishers said, one rate a day and pair. Of two files that tell the same day the later one is right.
with rates as (
    select * from {{ ref('stg_fx__rates') }}
),

books as (
    select * from {{ ref('int_fx__books') }}
),

told as (
    select
        rates.*,
        row_number() over (
            partition by rates.tenant_id, rates.rate_source, rates.rate_date, rates.base_currency, rates.quote_currency
            order by rates._received_at desc, rates._document_id desc, rates._source_line desc
        ) as place
    from rates
    inner join books on rates.tenant_id = books.tenant_id and rates.rate_source = books.rate_source
)

select
    tenant_id,
    rate_source,
    rate_date,
    base_currency,
    quote_currency,
    rate,
    _document_id,
    _source_file,
    _source_line
from told
where place = 1 and base_currency != quote_currency
