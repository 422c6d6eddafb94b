-- What the processors hold by their summaries is what the books say they hold.
{{ config(meta={'dagster': {'ref': {'name': 'balance_summaries'}}}) }}

with balance_accounts as (
    select account_code from {{ ref('chart_of_accounts') }} where role = 'balance' group by account_code
),

held as (
    select tenant_id, currency, sum(net_minor) as net_minor
    from {{ ref('balance_summaries') }}
    where section in ('activity', 'payouts')
    group by tenant_id, currency
),

booked as (
    select entries.tenant_id, entries.currency, sum(entries.amount_minor) as net_minor
    from {{ ref('ledger_entries') }} as entries
    inner join balance_accounts on entries.account_code = balance_accounts.account_code
    group by entries.tenant_id, entries.currency
)

select
    coalesce(held.tenant_id, booked.tenant_id) as tenant_id,
    coalesce(held.currency, booked.currency) as currency,
    held.net_minor as held_minor,
    booked.net_minor as booked_minor
from held
full outer join booked on held.tenant_id = booked.tenant_id and held.currency = booked.currency
where coalesce(held.net_minor, 0) != coalesce(booked.net_minor, 0)
