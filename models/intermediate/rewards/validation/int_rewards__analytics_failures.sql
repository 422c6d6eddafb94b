with balances as (
    select * from {{ ref('reward_current_balances') }}
),

group_liabilities as (
    select * from {{ ref('reward_group_liabilities') }}
),

reward_orders as (
    select * from {{ ref('reward_orders') }}
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

{{ failing_rows('groups_add_up', 'totals',
    "'all groups'", "'the groups owe another sum than the customers are owed'", 'of_customers != of_groups',
    'of_groups - of_customers', 'null') }}
union all
{{ failing_rows('order_bears_its_rewards', 'reward_orders',
    'order_id', "'paid with more rewards than it is worth'", 'redeemed_minor > gross_sales_minor', 'redeemed_minor - gross_sales_minor') }}
