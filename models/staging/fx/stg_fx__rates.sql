with

lines as (
    select * from {{ source('fx', 'fx_rates') }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)

select
    -- keys
    documents.tenant_id,
    {{ ascii_lower(clean_text('lines.rate_source')) }} as rate_source,
    {{ iso_date('lines.rate_date') }} as rate_date,
    {{ ascii_upper('lines.base_currency') }} as base_currency,
    {{ ascii_upper('lines.quote_currency') }} as quote_currency,

    -- money: landing has let in plain decimals only
    cast(lines.rate as decimal(20, 12)) as rate,

    -- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
