with

payouts as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type = 'payout'
),

movements as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type != 'payout'
),

members as (
    select * from {{ ref('int_payouts__members') }}
),

explained as (
    select * from {{ ref('int_payouts__explained') }}
),

categories as (
    select * from {{ ref('int_payouts__reporting_categories') }}
),

lines as (
    select
        members.payout_transaction_id,
        categories.reporting_category,
        1 as member_count,
        movements.amount_minor as gross_minor,
        movements.fee_minor,
        movements.net_minor
    from members
    inner join explained on members.payout_transaction_id = explained.payout_transaction_id and explained.lists_members
    inner join movements on members.member_transaction_id = movements.transaction_id
    left join categories
        on movements.source = categories.source
            and coalesce(movements.native_type, '(none)') = categories.native_type
            and movements.event_type = categories.event_type
    union all
    -- of payouts of one id the last lists the members; what the others paid of them goes from it to them
    select
        payout_transaction_id,
        'paid_under_the_same_id' as reporting_category,
        0 as member_count,
        under_same_id_minor as gross_minor,
        0 as fee_minor,
        under_same_id_minor as net_minor
    from explained
    where under_same_id_minor != 0
    union all
    select
        transaction_id as payout_transaction_id,
        'payout_fee' as reporting_category,
        0 as member_count,
        0 as gross_minor,
        fee_minor,
        -fee_minor as net_minor
    from payouts
    where fee_minor != 0
),

added as (
    select
        payout_transaction_id,
        reporting_category,
        cast(sum(member_count) as integer) as member_count,
        cast(sum(gross_minor) as bigint) as gross_minor,
        cast(sum(fee_minor) as bigint) as fee_minor,
        cast(sum(net_minor) as bigint) as net_minor
    from lines
    group by payout_transaction_id, reporting_category
)

select
    added.*,
    -payouts.amount_minor as paid_minor,
    coalesce(explained.is_counted, true) as is_counted
from added
inner join payouts on added.payout_transaction_id = payouts.transaction_id
left join explained on added.payout_transaction_id = explained.payout_transaction_id
