with

members as (
    select * from {{ ref('match_members') }} where reconciliation = 'payout_bank'
),

transactions as (
    select * from {{ ref('transactions') }}
),

paired as (
    select
        payout_members.transaction_id as payout_transaction_id,
        bank_lines.transaction_id as bank_transaction_id,
        bank_lines.business_date as bank_date,
        bank_members.status,
        row_number() over (
            partition by payout_members.transaction_id
            order by bank_lines.business_date, {{ bytewise('bank_lines.transaction_id') }}
        ) as place
    from members as payout_members
    inner join members as bank_members
        on payout_members.match_id = bank_members.match_id
            and payout_members.role = 'left'
            and bank_members.role = 'right'
    inner join transactions as bank_lines on bank_members.transaction_id = bank_lines.transaction_id
)

select
    payout_transaction_id,
    bank_transaction_id,
    bank_date,
    status
from paired
where place = 1
