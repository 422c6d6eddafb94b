-- Opening balance and booked entries make the closing balance, page by page. A statement without both balances promises nothing,
-- and one that a person released although it does not tie is no longer promised.
with documents as (
    select * from {{ ref('stg_documents__register') }} where door is distinct from 'released'
),

statements as (
    select pages.*
    from {{ ref('stg_bank__pages') }} as pages
    inner join documents on pages._document_id = documents.document_id
    where pages.statement_kind = 'statement' and pages.opening_minor is not null and pages.closing_minor is not null
)

select
    'bank_statements_tie' as control,
    tenant_id,
    'bank' as scope,
    'statements' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when closing_minor = opening_minor + booked_minor then 1 else 0 end) as decimal(28, 4)) as found
from statements
group by tenant_id, currency
