with

payouts as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type = 'payout'
),

explained as (
    select * from {{ ref('int_payouts__explained') }}
),

bank_lines as (
    select * from {{ ref('int_payouts__bank_lines') }}
),

returns as (
    select * from {{ ref('int_payouts__returns') }}
),

open_items as (
    select * from {{ ref('open_items') }} where reconciliation = 'payout_bank'
),

proven as (
    select * from {{ ref('int_payouts__proven') }}
)

select
    payouts.*,
    -payouts.amount_minor as paid_minor,
    coalesce(explained.members_net_minor, 0) - payouts.fee_minor as explained_minor,
    coalesce(explained.member_count, 0) as member_count,
    proven.payout_transaction_id is not null as is_proven_by_balance,
    returns.returned_on,
    bank_lines.match_id as bank_match_id,
    coalesce(bank_lines.bank_line_count, 0) as bank_line_count,
    coalesce(bank_lines.payout_count, 0) as bank_payout_count,
    case when bank_lines.status = 'matched' then bank_lines.arrived_minor else 0 end as arrived_minor,
    case when bank_lines.status = 'proposed' then bank_lines.arrived_minor else 0 end as proposed_minor,
    case when bank_lines.status = 'matched' then bank_lines.bank_transaction_id end as bank_transaction_id,
    case when bank_lines.status = 'matched' then bank_lines.bank_date end as bank_date,
    case
        when payouts.status in ('failed', 'canceled') then 'failed'
        when returns.payout_transaction_id is not null then 'returned'
        when
            bank_lines.status = 'matched'
            and case when payouts.amount_minor < 0 then 1 else -1 end * (bank_lines.arrived_minor + payouts.amount_minor) < 0
            then 'partly_arrived'
        when bank_lines.status = 'matched' then 'reached_bank'
        when bank_lines.status = 'proposed' then 'proposed_at_bank'
        when open_items.state = 'expected' then 'in_transit'
        when open_items.state = 'missing' then 'missing_at_bank'
        when coalesce(payouts.expected_on, payouts.business_date) >= cast({{ as_of() }} as date) then 'in_transit'
        else 'missing_at_bank'
    end as state
from payouts
left join explained on payouts.transaction_id = explained.payout_transaction_id
left join proven on payouts.transaction_id = proven.payout_transaction_id
left join bank_lines on payouts.transaction_id = bank_lines.payout_transaction_id
left join open_items on payouts.transaction_id = open_items.transaction_id
left join returns on payouts.transaction_id = returns.payout_transaction_id
