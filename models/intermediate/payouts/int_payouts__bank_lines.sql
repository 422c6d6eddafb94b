with

pairs as (
    select * from {{ ref('int_payouts__bank_pairs') }}
)

select
    payout_transaction_id,
    match_id,
    bank_transaction_id,
    bank_date,
    match_status as status,
    bank_line_count,
    payout_count,
    payout_arrived_minor as arrived_minor
from pairs
where line_place = 1
