{{ config(materialized='view') }}

with reward_balance_history as (
    select * from {{ ref('reward_balance_history') }}
)

select
    reward_transaction_id,
    tenant_id,
    customer_id as customerid,
    event_number,
    trans_id,
    type as tctype,
    currency,
    occurred_at as createdat,
    occurred_on as business_date,
    {% for figure in ['earned', 'spent', 'expired', 'reversed', 'total_earned', 'total_spent', 'total_expired', 'total_reversed', 'balance', 'open_lots'] -%}
    {{ figure }}_minor,
    {{ figure }}{{ ',' if not loop.last }}
    {% endfor -%}
from reward_balance_history
