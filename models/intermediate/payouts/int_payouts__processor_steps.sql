-- What a match of the books has at the processor, and how far its money came: a match of several rows is as far as the one that
-- stopped first.
with members as (
    select * from {{ ref('match_members') }} where reconciliation = 'books_processor' and role = 'right'
),

matches as (
    select * from {{ ref('matches') }} where reconciliation = 'books_processor'
),

transactions as (
    select * from {{ ref('transactions') }} where side = 'processor'
),

carried as (
    select * from {{ ref('int_payouts__carried') }}
),

payout_sources as (
    select * from {{ ref('payout_sources') }}
),

steps as (
    select
        members.match_id,
        members.status as match_status,
        matches.right_count,
        transactions.transaction_id,
        transactions.native_id,
        transactions.status,
        transactions.business_date,
        transactions.amount_minor,
        transactions.fee_minor,
        transactions.net_minor,
        carried.payout_transaction_id,
        carried.payout_id,
        carried.payout_state,
        carried.paid_on,
        carried.bank_transaction_id,
        carried.bank_date,
        case
            when carried.payout_state = 'reached_bank' and members.status = 'matched' then transactions.net_minor
            else 0
        end as arrived_minor,
        case
            when members.status = 'proposed' then 'proposed'
            when carried.payout_state = 'reached_bank' then 'reached_bank'
            when carried.payout_transaction_id is not null then 'in_payout'
            when coalesce(payout_sources.states_members, true) then 'at_processor'
            else 'payout_not_stated'
        end as stops_at
    from members
    inner join matches on members.match_id = matches.match_id
    inner join transactions on members.transaction_id = transactions.transaction_id
    left join carried on transactions.transaction_id = carried.transaction_id
    left join payout_sources on transactions.source = payout_sources.source
),

several as (
    select
        steps.*,
        sum(amount_minor) over (partition by match_id) as all_amount_minor,
        sum(fee_minor) over (partition by match_id) as all_fee_minor,
        sum(net_minor) over (partition by match_id) as all_net_minor,
        sum(arrived_minor) over (partition by match_id) as all_arrived_minor,
        row_number() over (
            partition by match_id
            order by
                case stops_at
                    when 'proposed' then 1
                    when 'at_processor' then 2
                    when 'payout_not_stated' then 3
                    when 'in_payout' then 4
                    else 5
                end,
                business_date,
                {{ bytewise('transaction_id') }}
        ) as place
    from steps
    where right_count > 1
)

{% set columns = [
    'match_id', 'match_status', 'right_count', 'transaction_id', 'native_id', 'status', 'payout_transaction_id', 'payout_id',
    'payout_state', 'paid_on', 'bank_transaction_id', 'bank_date', 'stops_at'
] | join(', ') %}
select {{ columns }}, amount_minor, fee_minor, net_minor, arrived_minor
from steps
where right_count = 1
union all
select
    {{ columns }},
    all_amount_minor as amount_minor, all_fee_minor as fee_minor, all_net_minor as net_minor, all_arrived_minor as arrived_minor
from several
where place = 1
