with lots as (
    select
        *,
        cast({{ dbt.date_trunc('month', 'business_date') }} as date) as earned_in
    from {{ ref('reward_transactions') }}
    where type = 'earned' and problem is null and order_id is not null
),

reasons as (
    select * from {{ ref('int_rewards__reasons') }}
),

program_estimates as (
    select * from {{ ref('int_rewards__program_estimates') }} where measured_by = 'relative_price'
),

sales_lines as (
    select
        *,
        row_number() over (
            partition by tenant_id, order_id order by _received_at desc, _document_id desc, _source_line desc
        ) as place
    from {{ ref('stg_thrive_cash__sales') }}
    where gross_sales_minor > 0
),

sales as (
    select * from sales_lines where place = 1
),

-- What is promised beside the goods: the lot's amount, as far as it is expected to be used when it is granted.
promised as (
    select
        lots.reward_transaction_id,
        lots.tenant_id,
        reasons.program_id,
        lots.currency,
        lots.order_id,
        lots.earned_in,
        lots.amount_minor,
        sales.gross_sales_minor,
        cast(lots.amount_minor as decimal(38, 0)) * program_estimates.expected_redemption_bps as promised_parts,
        cast(sales.gross_sales_minor as decimal(38, 0)) * 10000 as sold_parts
    from lots
    inner join reasons on coalesce(lots.reason, '') = reasons.reason
    inner join program_estimates
        on
            lots.tenant_id = program_estimates.tenant_id
            and reasons.program_id = program_estimates.program_id
            and lots.earned_in = program_estimates.period
    inner join sales
        on
            lots.tenant_id = sales.tenant_id
            and lots.order_id = sales.order_id
            and lots.currency = sales.currency
),

-- Several lots of one order share what is put off of it without losing a cent: each takes the step between two rounded sums.
shared as (
    select
        *,
        row_number() over (partition by tenant_id, order_id order by reward_transaction_id) as lot_of_order,
        sum(promised_parts) over (
            partition by tenant_id, order_id order by reward_transaction_id rows unbounded preceding
        ) as promised_until,
        sum(promised_parts) over (partition by tenant_id, order_id) as promised_by_order
    from promised
),

put_off as (
    select
        *,
        coalesce({{ proportion('gross_sales_minor', 'promised_until', 'sold_parts + promised_by_order') }}, 0) as put_off_until,
        coalesce(
            {{ proportion('gross_sales_minor', 'promised_until - promised_parts', 'sold_parts + promised_by_order') }}, 0
        ) as put_off_before
    from shared
)

select
    reward_transaction_id,
    tenant_id,
    program_id,
    currency,
    order_id,
    earned_in,
    amount_minor,
    cast(case when lot_of_order = 1 then gross_sales_minor else 0 end as bigint) as sales_minor,
    cast(put_off_until - put_off_before as bigint) as deferred_minor
from put_off
