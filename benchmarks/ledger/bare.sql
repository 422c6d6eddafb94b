-- The least that posting is: each transaction beside the legs of its rule, written once.
create or replace table bench.legs as
select
    moves.transaction_id,
    rules.posting_rule_id,
    rules.leg,
    rules.account_code,
    moves.currency,
    moves.business_date,
    rules.factor * case rules.basis when 'fee' then fee_minor when 'net' then net_minor else amount_minor end as amount_minor
from marts.transactions as moves
inner join seeds.posting_rules as rules on rules.party = moves.side and rules.event_type = moves.event_type
where moves.status = 'settled'
