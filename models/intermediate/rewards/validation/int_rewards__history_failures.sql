{{ config(materialized='kept', kept_by='customer_id') }}

with history as (
    select * from {{ ref('reward_balance_history') }} {{ only_touched() }}
),

balances as (
    select * from {{ ref('reward_current_balances') }} {{ only_touched() }}
),

last_numbers as (
    select
        tenant_id,
        customer_id,
        currency,
        max(event_number) as event_number
    from history
    group by tenant_id, customer_id, currency
),

ends as (
    select
        balances.*,
        history.balance_minor = balances.balance_minor and history.open_lots_minor = balances.open_lots_minor as agrees
    from balances
    left join last_numbers
        on
            balances.tenant_id = last_numbers.tenant_id
            and balances.customer_id = last_numbers.customer_id
            and balances.currency = last_numbers.currency
    left join history
        on
            last_numbers.tenant_id = history.tenant_id
            and last_numbers.customer_id = history.customer_id
            and last_numbers.currency = history.currency
            and last_numbers.event_number = history.event_number
)

{{ failing_rows('history_ends_at_the_balance', 'ends', 'customer_id',
    "'the last row of the history says another balance'", 'agrees is not true', 'balance_minor') }}
