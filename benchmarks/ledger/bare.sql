-- The least that posting is: each transaction beside the legs of its rule, written once.
create or replace table bench.legs as
with legs as (
    select
        moves.transaction_id,
        rules.posting_rule_id,
        rules.leg,
        rules.account_code,
        moves.currency,
        moves.business_date,
        rules.factor
        * case rules.basis when 'gross' then amount_minor when 'fee' then fee_minor when 'net' then net_minor else 0 end as amount_minor
    from marts.transactions as moves
    inner join seeds.posting_rules as rules on rules.party = moves.side and rules.event_type = moves.event_type
    where moves.status = 'settled'
)

select * from legs where amount_minor != 0
