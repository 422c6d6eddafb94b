-- Every payout (or its return) of a match beside every bank line of it. A sum over these rows counts nothing twice: a payout's amount
-- stands in its first row, a line's in its first, the match's difference in the match's first.
with

members as (
    select * from {{ ref('match_members') }} where reconciliation = 'payout_bank'
),

transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
),

lefts as (
    select
        members.match_id,
        members.status as match_status,
        transactions.*,
        row_number() over (
            partition by members.match_id
            order by transactions.business_date, {{ bytewise('transactions.transaction_id') }}
        ) as place,
        count(*) over (partition by members.match_id) as row_count,
        sum(-transactions.amount_minor) over (partition by members.match_id) as all_minor
    from members
    inner join transactions on members.transaction_id = transactions.transaction_id
    where members.role = 'left'
),

rights as (
    select
        members.match_id,
        transactions.*,
        row_number() over (
            partition by members.match_id
            order by transactions.business_date, {{ bytewise('transactions.transaction_id') }}
        ) as place,
        count(*) over (partition by members.match_id) as row_count,
        sum(transactions.amount_minor) over (partition by members.match_id) as all_minor
    from members
    inner join transactions on members.transaction_id = transactions.transaction_id
    where members.role = 'right'
)

select
    lefts.match_id,
    lefts.match_status,
    lefts.tenant_id,
    lefts.currency,
    lefts.transaction_id as payout_transaction_id,
    lefts.event_type,
    rights.transaction_id as bank_transaction_id,
    rights.business_date as bank_date,
    lefts.place as payout_place,
    rights.place as line_place,
    cast(lefts.row_count as integer) as payout_count,
    cast(rights.row_count as integer) as bank_line_count,
    cast(case when rights.place = 1 then -lefts.amount_minor else 0 end as bigint) as paid_minor,
    cast(case when lefts.place = 1 then rights.amount_minor else 0 end as bigint) as arrived_minor,
    cast(case when lefts.place = 1 and rights.place = 1 then rights.all_minor - lefts.all_minor else 0 end as bigint)
        as difference_minor,
    -- what reached the bank of this payout: what it paid, and the last of the match bears the difference
    cast(
        -lefts.amount_minor + case when lefts.place = lefts.row_count then rights.all_minor - lefts.all_minor else 0 end as bigint
    ) as payout_arrived_minor
from lefts
inner join rights on lefts.match_id = rights.match_id
