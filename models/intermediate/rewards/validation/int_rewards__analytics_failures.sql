with history as (
    select * from {{ ref('reward_balance_history') }}
),

balances as (
    select * from {{ ref('reward_current_balances') }}
),

group_liabilities as (
    select * from {{ ref('reward_group_liabilities') }}
),

reward_orders as (
    select * from {{ ref('reward_orders') }}
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
),

liabilities as (
    select tenant_id, currency, open_lots_minor as of_customers, 0 as of_groups from balances
    union all
    select tenant_id, currency, 0 as of_customers, open_lots_minor as of_groups from group_liabilities
),

totals as (
    select tenant_id, currency, sum(of_customers) as of_customers, sum(of_groups) as of_groups
    from liabilities
    group by tenant_id, currency
)

{{ failing_rows('history_ends_at_the_balance', 'ends',
    'customer_id', "'the last row of the history says another balance'", 'agrees is not true', 'balance_minor') }}
union all
{{ failing_rows('groups_add_up', 'totals',
    "'all groups'", "'the groups owe another sum than the customers are owed'", 'of_customers != of_groups',
    'of_groups - of_customers', 'null') }}
union all
{{ failing_rows('order_bears_its_rewards', 'reward_orders',
    'order_id', "'paid with more rewards than it is worth'", 'redeemed_minor > gross_sales_minor', 'redeemed_minor - gross_sales_minor') }}
