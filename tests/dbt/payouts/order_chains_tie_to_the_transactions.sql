-- The chains hold every compared row of the books once, and every row of the processor that matches them once: in counts and in amounts
-- per currency, read from the transactions.
{{ config(meta={'dagster': {'ref': {'name': 'order_chains'}}}) }}

with standing as (
    select role, transaction_id, 1 as in_match from {{ ref('match_members') }} where reconciliation = 'books_processor'
    union all
    select role, transaction_id, 0 as in_match from {{ ref('open_items') }} where reconciliation = 'books_processor'
),

transactions as (
    select * from {{ ref('transactions') }}
),

wanted as (
    select
        transactions.tenant_id,
        transactions.currency,
        sum(case when standing.role = 'left' then 1 else 0 end) as books_count,
        sum(case when standing.role = 'left' then transactions.amount_minor else 0 end) as books_minor,
        sum(case when standing.role = 'right' then standing.in_match * transactions.amount_minor else 0 end) as processor_minor,
        sum(case when standing.role = 'right' then standing.in_match * transactions.net_minor else 0 end) as net_minor
    from standing
    inner join transactions on standing.transaction_id = transactions.transaction_id
    group by transactions.tenant_id, transactions.currency
),

found as (
    select
        tenant_id,
        currency,
        count(*) as books_count,
        sum(amount_minor) as books_minor,
        sum(processor_amount_minor) as processor_minor,
        sum(processor_net_minor) as net_minor
    from {{ ref('order_chains') }}
    group by tenant_id, currency
)

select
    coalesce(wanted.tenant_id, found.tenant_id) as tenant_id,
    coalesce(wanted.currency, found.currency) as currency
from wanted
full outer join found on wanted.tenant_id = found.tenant_id and wanted.currency = found.currency
where
    coalesce(wanted.books_count, 0) != coalesce(found.books_count, 0)
    or coalesce(wanted.books_minor, 0) != coalesce(found.books_minor, 0)
    or coalesce(wanted.processor_minor, 0) != coalesce(found.processor_minor, 0)
    or coalesce(wanted.net_minor, 0) != coalesce(found.net_minor, 0)
