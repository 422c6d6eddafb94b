-- Over the rows of payout_bank_lines every payout, every bank line and every match's difference counts once, and what payouts say
-- arrived is what the lines say.
{{ config(meta={'dagster': {'ref': {'name': 'payout_bank_lines'}}}) }}

with matches as (
    select * from {{ ref('matches') }} where reconciliation = 'payout_bank'
),

members as (
    select
        match_members.match_id,
        sum(case when match_members.role = 'left' then -transactions.amount_minor else 0 end) as paid_minor,
        sum(case when match_members.role = 'right' then transactions.amount_minor else 0 end) as arrived_minor
    from {{ ref('match_members') }} as match_members
    inner join {{ ref('transactions') }} as transactions on match_members.transaction_id = transactions.transaction_id
    where match_members.reconciliation = 'payout_bank'
    group by match_members.match_id
),

told as (
    select
        match_id,
        sum(paid_minor) as paid_minor,
        sum(arrived_minor) as arrived_minor,
        sum(difference_minor) as difference_minor,
        count(distinct case when event_type != 'payout' then payout_transaction_id end) as returns
    from {{ ref('payout_bank_lines') }}
    group by match_id
),

payouts as (
    select
        bank_match_id as match_id,
        sum(arrived_minor + proposed_minor) as arrived_minor
    from {{ ref('payouts') }}
    group by bank_match_id
)

select
    matches.match_id,
    told.paid_minor,
    told.arrived_minor,
    told.difference_minor
from matches
left join members on matches.match_id = members.match_id
left join told on matches.match_id = told.match_id
left join payouts on matches.match_id = payouts.match_id
where
    told.paid_minor is distinct from members.paid_minor
    or told.arrived_minor is distinct from members.arrived_minor
    or told.difference_minor is distinct from matches.difference_minor
    or (told.returns = 0 and payouts.arrived_minor is distinct from members.arrived_minor)
