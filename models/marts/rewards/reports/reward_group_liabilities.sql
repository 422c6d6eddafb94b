with balances as (
    select * from {{ ref('reward_current_balances') }}
),

orders as (
    select * from {{ ref('reward_orders') }}
),

customers as (
    select * from {{ ref('reward_customers') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- Balances and orders of the same group stand side by side; each row brings one of the two.
figures as (
    select
        tenant_id,
        customer_id,
        currency,
        1 as customers,
        open_lots_minor,
        unfunded_minor,
        past_expiry_minor,
        open_lot_count,
        0 as orders,
        cast(0 as bigint) as gross_sales_minor,
        cast(0 as bigint) as redeemed_minor
    from balances
    union all
    select
        tenant_id,
        customer_id,
        currency,
        0 as customers,
        cast(0 as bigint) as open_lots_minor,
        cast(0 as bigint) as unfunded_minor,
        cast(0 as bigint) as past_expiry_minor,
        cast(0 as bigint) as open_lot_count,
        1 as orders,
        gross_sales_minor,
        redeemed_minor
    from orders
    where is_in_sales
),

groups as (
    select
        figures.tenant_id,
        customers.customer_group,
        customers.group_name,
        customers.company,
        customers.cost_center,
        customers.region,
        figures.currency,
        cast(sum(figures.customers) as bigint) as customer_count,
        cast(sum(figures.open_lot_count) as bigint) as open_lot_count,
        cast(sum(figures.open_lots_minor) as bigint) as open_lots_minor,
        cast(sum(figures.past_expiry_minor) as bigint) as past_expiry_minor,
        cast(sum(figures.unfunded_minor) as bigint) as unfunded_minor,
        cast(sum(figures.orders) as bigint) as order_count,
        cast(sum(figures.gross_sales_minor) as bigint) as gross_sales_minor,
        cast(sum(figures.redeemed_minor) as bigint) as redeemed_minor
    from figures
    inner join customers on figures.tenant_id = customers.tenant_id and figures.customer_id = customers.customer_id
    group by
        figures.tenant_id, customers.customer_group, customers.group_name, customers.company, customers.cost_center,
        customers.region, figures.currency
)

select
    {{ key_hash('rgl', ['groups.tenant_id', 'groups.customer_group', 'groups.currency']) }} as reward_group_liability_id,
    groups.tenant_id,
    groups.customer_group,
    groups.group_name,
    groups.company,
    groups.cost_center,
    groups.region,
    groups.currency,
    groups.customer_count,
    groups.open_lot_count,
    {% for figure in ['open_lots', 'past_expiry', 'unfunded', 'gross_sales', 'redeemed'] %}
        groups.{{ figure }}_minor,
        {{ major_units('groups.' ~ figure ~ '_minor', 'currencies.exponent') }} as {{ figure }},
    {% endfor %}
    groups.order_count,
    case when groups.gross_sales_minor > 0 then {{ share_of('groups.redeemed_minor', 'groups.gross_sales_minor') }} end as redeemed_share
from groups
inner join currencies on groups.currency = currencies.currency
