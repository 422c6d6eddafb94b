-- Shares that add up: each category's is rounded down, and what is then missing to the explained share goes to those that lost most.
with

categories as (
    select * from {{ ref('int_payouts__categories') }}
),

totals as (
    select
        payout_transaction_id,
        cast(max(paid_minor) - sum(net_minor) as bigint) as unexplained_minor,
        max(abs(net_minor)) as largest_minor
    from categories
    group by payout_transaction_id
),

scaled as (
    select
        categories.payout_transaction_id,
        categories.reporting_category,
        abs(categories.paid_minor) as whole_minor,
        {{ scaled_share('categories.net_minor', 'categories.paid_minor') }} as scaled_minor,
        {{ explained_bps('totals.unexplained_minor', 'categories.paid_minor') }} as explained_bps
    from categories
    inner join totals on categories.payout_transaction_id = totals.payout_transaction_id
    where {{ has_shares('totals.largest_minor', 'categories.paid_minor') }}
        and {{ has_shares('totals.unexplained_minor', 'categories.paid_minor') }}
),

rounded as (
    select
        scaled.*,
        mod(mod(scaled_minor, whole_minor) + whole_minor, whole_minor) as lost_minor
    from scaled
),

floored as (
    select
        rounded.*,
        {{ whole_quotient('scaled_minor - lost_minor', 'whole_minor') }} as floor_bps
    from rounded
),

ranked as (
    select
        floored.*,
        explained_bps - sum(floor_bps) over (partition by payout_transaction_id) as missing_bps,
        row_number() over (
            partition by payout_transaction_id order by lost_minor desc, {{ bytewise('reporting_category') }}
        ) as place
    from floored
)

select
    payout_transaction_id,
    reporting_category,
    cast(floor_bps + case when place <= missing_bps then 1 else 0 end as bigint) as share_bps
from ranked
