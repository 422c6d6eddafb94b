with balances as (
    select * from {{ ref('stg_bank__balances') }}
),

statements as (
    select
        tenant_id,
        source_account,
        statement_id,
        currency,
        _document_id,
        max(_source_file) as _source_file,
        sum(case when balance_type = 'OPBD' then amount_minor end) as opening_minor,
        sum(case when balance_type = 'CLBD' then amount_minor end) as closing_minor,
        max(case when balance_type = 'OPBD' then balance_date end) as opening_date,
        max(case when balance_type = 'CLBD' then balance_date end) as closing_date
    from balances
    group by tenant_id, source_account, statement_id, currency, _document_id
),

-- A page in the middle of a statement has interim balances instead: it is no link of the chain.
whole_statements as (
    select * from statements
    where opening_minor is not null and closing_minor is not null
),

chained as (
    select
        whole_statements.*,
        lag(statement_id) over account_in_time as previous_statement_id,
        lag(closing_minor) over account_in_time as previous_closing_minor,
        lag(closing_date) over account_in_time as previous_closing_date
    from whole_statements
    window account_in_time as (
        partition by tenant_id, source_account, currency
        order by closing_date, opening_date, {{ bytewise('statement_id') }}, _document_id
    )
)

select
    {{ key_hash('lnk', ['_document_id', 'source_account', 'statement_id', 'currency']) }} as link_id,
    tenant_id,
    source_account,
    statement_id,
    previous_statement_id,
    currency,
    previous_closing_minor,
    opening_minor,
    cast(opening_minor - previous_closing_minor as bigint) as difference_minor,
    previous_closing_date,
    opening_date,
    _document_id,
    _source_file
from chained
where previous_closing_minor is not null
