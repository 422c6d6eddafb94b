-- At the end of each month a processor's account holds by its summary what the books say of that day: the lines on the balance account
-- with an effective day up to then, in whichever month they were booked. What is gone from the transactions has no account, and is zero.
{{ config(meta={'dagster': {'ref': {'name': 'balance_summaries'}}}) }}

{% set account = ['tenant_id', 'source', 'source_account', 'currency'] %}
with balance_accounts as (
    select tenant_id, account_code from {{ ref('account_balances') }} where role = 'balance' group by tenant_id, account_code
),

closings as (
    select tenant_id, source, coalesce(source_account, '') as source_account, currency, period, net_minor as held_minor
    from {{ ref('balance_summaries') }}
    where section = 'closing'
),

moved as (
    select
        entries.tenant_id,
        coalesce(transactions.source, '') as source,
        coalesce(transactions.source_account, '') as source_account,
        entries.currency,
        cast({{ dbt.date_trunc('month', 'entries.posted_on') }} as date) as period,
        sum(entries.amount_minor) as amount_minor
    from {{ ref('ledger_entries') }} as entries
    inner join balance_accounts
        on entries.tenant_id = balance_accounts.tenant_id and entries.account_code = balance_accounts.account_code
    left join {{ ref('transactions') }} as transactions on entries.transaction_id = transactions.transaction_id
    group by
        entries.tenant_id, coalesce(transactions.source, ''), coalesce(transactions.source_account, ''), entries.currency,
        cast({{ dbt.date_trunc('month', 'entries.posted_on') }} as date)
),

-- Every month that the summaries or the books name: in the one the other must not be silent.
months as (
    select {{ account | join(', ') }}, period from closings
    union
    select {{ account | join(', ') }}, period from moved
),

flows as (
    select
        {% for name in account %}months.{{ name }}, {% endfor %}
        months.period,
        closings.held_minor,
        coalesce(moved.amount_minor, 0) as amount_minor
    from months
    left join closings
        on months.period = closings.period
            {% for name in account %}
                and months.{{ name }} = closings.{{ name }}
            {% endfor %}
    left join moved
        on months.period = moved.period
            {% for name in account %}
                and months.{{ name }} = moved.{{ name }}
            {% endfor %}
),

ends as (
    select
        flows.*,
        sum(amount_minor) over (
            partition by {{ account | join(', ') }} order by period rows unbounded preceding
        ) as booked_minor
    from flows
)

select *
from ends
where coalesce(held_minor, 0) != booked_minor
