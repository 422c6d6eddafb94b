{{ config(materialized='view') }}

with history as (
    select * from {{ ref('reward_balance_history') }}
),

tc_data as (
    select * from {{ ref('tc_data_with_redemptions') }}
)

select
    history.reward_transaction_id,
    history.tenant_id,
    history.customer_id as customerid,
    history.event_number,
    history.trans_id,
    history.type as tctype,
    {% for figure in [
        'earned', 'spent', 'expired', 'reversed', 'total_earned', 'total_spent', 'total_expired', 'total_reversed', 'balance', 'open_lots'
    ] %}
        history.{{ figure }}_minor,
        history.{{ figure }},
    {% endfor %}
    history.currency,
    tc_data.createdat,
    history.occurred_on as business_date
from history
inner join tc_data on history.reward_transaction_id = tc_data.reward_transaction_id
