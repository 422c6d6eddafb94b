with sales as (
    select * from {{ ref('int_rewards__orders') }}
),

reward_transactions as (
    select * from {{ ref('reward_transactions') }} where problem is null and order_id is not null
),

customers as (
    select * from {{ ref('reward_customers') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- Earned by the order, and paid with rewards; a reversal takes back what was paid.
rewards as (
    select
        tenant_id,
        currency,
        order_id,
        min({{ bytewise('customer_id') }}) as first_customer_id,
        max({{ bytewise('customer_id') }}) as last_customer_id,
        sum(case when type = 'earned' then amount_minor else 0 end) as earned_minor,
        sum(case when type in ('spent', 'reversed') then -amount_minor else 0 end) as redeemed_minor,
        sum(unfunded_amount_minor) as unfunded_minor,
        sum(case when type = 'spent' then 1 else 0 end) as redemption_count
    from reward_transactions
    group by tenant_id, currency, order_id
),

joined as (
    select
        coalesce(sales.tenant_id, rewards.tenant_id) as tenant_id,
        coalesce(sales.order_id, rewards.order_id) as order_id,
        coalesce(sales.customer_id, rewards.first_customer_id) as customer_id,
        coalesce(sales.currency, rewards.currency) as currency,
        sales.gross_sales_minor,
        sales.order_weight,
        cast(coalesce(rewards.earned_minor, 0) as bigint) as earned_minor,
        cast(coalesce(rewards.redeemed_minor, 0) as bigint) as redeemed_minor,
        cast(coalesce(rewards.unfunded_minor, 0) as bigint) as unfunded_minor,
        cast(coalesce(rewards.redemption_count, 0) as integer) as redemption_count,
        sales.order_id is not null as is_in_sales,
        coalesce(sales.reports_agree, true) as reports_agree,
        coalesce(
            rewards.first_customer_id = rewards.last_customer_id
            and rewards.first_customer_id = coalesce(sales.customer_id, rewards.first_customer_id),
            true
        ) as is_of_one_customer
    from sales
    full outer join rewards
        on
            sales.tenant_id = rewards.tenant_id
            and sales.currency = rewards.currency
            and sales.order_id = rewards.order_id
)

select
    {{ key_hash('ror', ['joined.tenant_id', 'joined.currency', 'joined.order_id']) }} as reward_order_id,
    joined.tenant_id,
    joined.order_id,
    joined.customer_id,
    customers.customer_group,
    joined.currency,
    joined.gross_sales_minor,
    {{ major_units('joined.gross_sales_minor', 'currencies.exponent') }} as gross_sales,
    joined.earned_minor,
    {{ major_units('joined.earned_minor', 'currencies.exponent') }} as earned,
    joined.redeemed_minor,
    {{ major_units('joined.redeemed_minor', 'currencies.exponent') }} as redeemed,
    joined.unfunded_minor,
    {{ major_units('joined.unfunded_minor', 'currencies.exponent') }} as unfunded,
    case when joined.gross_sales_minor > 0 then {{ share_of('joined.redeemed_minor', 'joined.gross_sales_minor') }} end as redeemed_share,
    joined.redemption_count,
    joined.order_weight,
    joined.is_in_sales,
    joined.reports_agree,
    joined.is_of_one_customer
from joined
inner join currencies on joined.currency = currencies.currency
left join customers on joined.tenant_id = customers.tenant_id and joined.customer_id = customers.customer_id
