with customers as (
    select * from {{ ref('stg_thrive_cash__customers') }}
),

merged_customers as (
    select * from {{ ref('reward_customer_merges') }}
),

balances as (
    select * from {{ ref('reward_current_balances') }}
),

orders as (
    select * from {{ ref('int_rewards__orders') }}
),

-- The row of the customer that stays speaks before those of the customers merged into it; then the one that came last.
named as (
    select
        customers.tenant_id,
        coalesce(merged_customers.merged_into, customers.customer_id) as customer_id,
        {{ ascii_upper("replace(customers.billing_postcode, ' ', '')") }} as postcode,
        row_number() over (
            partition by customers.tenant_id, coalesce(merged_customers.merged_into, customers.customer_id)
            order by
                case when merged_customers.merged_into is null then 0 else 1 end asc,
                customers._received_at desc,
                customers._document_id asc,
                customers._source_line asc
        ) as place
    from customers
    left join merged_customers on customers.tenant_id = merged_customers.tenant_id and customers.customer_id = merged_customers.customer_id
),

in_sheet as (
    select * from named where place = 1
),

everyone as (
    select tenant_id, customer_id from balances
    union
    select tenant_id, customer_id from orders
    union
    select tenant_id, customer_id from in_sheet
)

select
    everyone.tenant_id,
    everyone.customer_id,
    in_sheet.postcode,
    in_sheet.customer_id is not null as is_in_customers
from everyone
left join in_sheet on everyone.tenant_id = in_sheet.tenant_id and everyone.customer_id = in_sheet.customer_id
