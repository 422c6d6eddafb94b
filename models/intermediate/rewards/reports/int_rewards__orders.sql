with sales as (
    select * from {{ ref('stg_thrive_cash__sales') }}
),

merged_customers as (
    select * from {{ ref('reward_customer_merges') }}
),

named as (
    select
        sales.*,
        coalesce(merged_customers.merged_into, sales.customer_id) as owner_id
    from sales
    left join merged_customers on sales.tenant_id = merged_customers.tenant_id and sales.customer_id = merged_customers.customer_id
),

-- Workbooks of several months tell an order again: the one that came last counts, and whether they agree is told.
ranked as (
    select
        *,
        row_number() over (
            partition by tenant_id, currency, order_id order by _received_at desc, _document_id asc, _source_line asc
        ) as place,
        count(*) over same_order as times_reported,
        min(gross_sales_minor) over same_order = max(gross_sales_minor) over same_order
        and min(owner_id) over same_order = max(owner_id) over same_order as reports_agree
    from named
    window same_order as (partition by tenant_id, currency, order_id)
)

select
    tenant_id,
    order_id,
    owner_id as customer_id,
    currency,
    gross_sales_minor,
    order_weight,
    cast(times_reported as integer) as times_reported,
    reports_agree,
    _document_id,
    _source_file,
    _source_line
from ranked
where place = 1
