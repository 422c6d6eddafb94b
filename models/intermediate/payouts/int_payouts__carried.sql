-- The payout that carries each movement. Of payouts that share an id (a batch paid in two, a failed one paid again) the one that came
-- furthest stands for it, so that no movement is told twice.
with payouts as (
    select
        payouts.*,
        row_number() over (
            partition by tenant_id, source, source_account, payout_id, currency
            order by
                case state
                    when 'reached_bank' then 1
                    when 'partly_arrived' then 2
                    when 'proposed_at_bank' then 3
                    when 'in_transit' then 4
                    when 'missing_at_bank' then 5
                    when 'returned' then 6
                    else 7
                end,
                paid_on desc nulls last,
                {{ bytewise('transaction_id') }}
        ) as place
    from {{ ref('payouts') }} as payouts
),

members as (
    select * from {{ ref('int_payouts__members') }}
)

select
    members.member_transaction_id as transaction_id,
    payouts.transaction_id as payout_transaction_id,
    payouts.payout_id,
    payouts.state as payout_state,
    payouts.paid_on,
    payouts.bank_transaction_id,
    payouts.bank_date
from members
inner join payouts on members.payout_transaction_id = payouts.transaction_id and payouts.place = 1
