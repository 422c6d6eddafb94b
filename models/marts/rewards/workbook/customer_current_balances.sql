{{ config(materialized='view') }}

with balances as (
    select * from {{ ref('reward_current_balances') }}
),

customers as (
    select * from {{ ref('reward_customers') }}
)

select
    balances.reward_balance_id,
    balances.tenant_id,
    balances.customer_id as customerid,
    customers.customer_group,
    balances.currency,
    {% for figure in ['earned', 'spent', 'expired', 'reversed', 'balance', 'open_lots', 'unfunded', 'unmatched', 'past_expiry'] %}
        balances.{{ figure }}_minor,
        balances.{{ figure }},
    {% endfor %}
    balances.event_count,
    balances.open_lot_count,
    balances.last_event_at
from balances
inner join customers on balances.tenant_id = customers.tenant_id and balances.customer_id = customers.customer_id
