-- The summary holds every match member and open item, in counts and amounts, per reconciliation, role and currency.
{{ config(meta={'dagster': {'ref': {'name': 'reconciliation_summary'}}}) }}

with standing as (
    select reconciliation, transaction_id, role, status as state from {{ ref('match_members') }}
    union all
    select reconciliation, transaction_id, role, state from {{ ref('open_items') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

items as (
    select
        standing.reconciliation,
        standing.role,
        transactions.currency,
        count(*) as total_count,
        sum(case standing.state when 'matched' then 1 else 0 end) as matched_count,
        sum(case standing.state when 'proposed' then 1 else 0 end) as proposed_count,
        sum(transactions.amount_minor) as total_minor
    from standing
    inner join transactions on standing.transaction_id = transactions.transaction_id
    group by standing.reconciliation, standing.role, transactions.currency
),

summary as (
    select
        reconciliation,
        role,
        currency,
        sum(total_count) as total_count,
        sum(matched_count) as matched_count,
        sum(proposed_count) as proposed_count,
        sum(total_amount_minor) as total_minor
    from {{ ref('reconciliation_summary') }}
    group by reconciliation, role, currency
)

select
    coalesce(items.reconciliation, summary.reconciliation) as reconciliation,
    coalesce(items.role, summary.role) as role,
    coalesce(items.currency, summary.currency) as currency
from items
full outer join summary
    on
        items.reconciliation = summary.reconciliation
        and items.role = summary.role
        and items.currency = summary.currency
where
    items.total_count is distinct from summary.total_count
    or items.matched_count is distinct from summary.matched_count
    or items.proposed_count is distinct from summary.proposed_count
    or items.total_minor is distinct from summary.total_minor
