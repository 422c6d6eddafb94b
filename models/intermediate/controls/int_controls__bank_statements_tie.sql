-- Opening balance and booked entries make the closing balance. A statement without both balances promises nothing, and
-- one that a person released although it does not tie is no longer promised.
with documents as (
    select * from {{ ref('stg_documents__register') }} where door is distinct from 'released'
),

balances as (
    select
        balances.tenant_id,
        balances._document_id,
        balances.source_account,
        balances.statement_id,
        balances.currency,
        sum(case when balances.balance_type = 'OPBD' then balances.amount_minor end) as opening_minor,
        sum(case when balances.balance_type = 'CLBD' then balances.amount_minor end) as closing_minor
    from {{ ref('stg_bank__balances') }} as balances
    inner join documents on balances._document_id = documents.document_id
    group by balances.tenant_id, balances._document_id, balances.source_account, balances.statement_id, balances.currency
),

entries as (
    select
        _document_id,
        source_account,
        statement_id,
        currency,
        sum(amount_minor) as booked_minor
    from {{ ref('stg_bank__entries') }}
    where is_booked
    group by _document_id, source_account, statement_id, currency
),

statements as (
    select
        balances.tenant_id,
        balances.currency,
        balances.closing_minor,
        balances.opening_minor + coalesce(entries.booked_minor, 0) as reached_minor
    from balances
    left join entries
        on
            balances._document_id = entries._document_id
            and balances.source_account = entries.source_account
            and balances.statement_id = entries.statement_id
            and balances.currency = entries.currency
    where balances.opening_minor is not null and balances.closing_minor is not null
)

select
    'bank_statements_tie' as control,
    tenant_id,
    'bank' as scope,
    'statements' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when closing_minor = reached_minor then 1 else 0 end) as decimal(28, 4)) as found
from statements
group by tenant_id, currency
