with

members as (
    select * from {{ ref('int_payouts__members') }}
)

select
    payout_transaction_id,
    cast(sum(net_minor) as bigint) as members_net_minor,
    cast(count(*) as integer) as member_count
from members
group by payout_transaction_id
