with reward_transactions as (
    select * from {{ ref('reward_transactions') }}
),

reward_orders as (
    select * from {{ ref('reward_orders') }}
),

customers as (
    select *, cast(null as {{ dbt.type_string() }}) as currency from {{ ref('reward_customers') }}
),

tenants_with_sales as (
    select tenant_id from reward_orders where is_in_sales group by tenant_id
),

tenants_with_customers as (
    select tenant_id from customers where is_in_customers group by tenant_id
),

paid_orders as (
    select reward_orders.*
    from reward_orders
    inner join tenants_with_sales on reward_orders.tenant_id = tenants_with_sales.tenant_id
),

known_customers as (
    select customers.*
    from customers
    inner join tenants_with_customers on customers.tenant_id = tenants_with_customers.tenant_id
)

{{ failing_transactions('row_is_complete', "'a cell is missing that every row must have'",
    'trans_id is null or customer_id is null or amount_minor is null or currency is null or created_at is null') }}
union all
{{ failing_transactions('type_is_known', "'type ' || type || ' is in no row of reward_types'", "problem = 'unknown_type'") }}
union all
{{ failing_transactions('sign_follows_type', "type || ' with the sign of its opposite'", "problem = 'wrong_sign'") }}
union all
{{ failing_transactions('one_story_per_id', "'another row has this id and other facts'", 'has_conflict') }}
union all
{{ failing_transactions('expires_after_it_was_earned', "'expires before it was earned'", 'is_lot and expires_at < created_at') }}
union all
{{ failing_rows('order_is_in_sales', 'paid_orders', 'order_id', "'redeemed for an order that the sheet Sales lacks'",
    'redemption_count > 0 and not is_in_sales', 'redeemed_minor') }}
union all
{{ failing_rows('order_is_the_customers', 'paid_orders', 'order_id', "'rewards and order name several customers'",
    'not is_of_one_customer', 'redeemed_minor') }}
union all
{{ failing_rows('order_is_told_once', 'reward_orders', 'order_id', "'sheets differ on its value or customer'",
    'not reports_agree', 'gross_sales_minor') }}
union all
{{ failing_rows('customer_is_in_customers', 'known_customers', 'customer_id', "'not in the sheet Customers'", 'not is_in_customers') }}
