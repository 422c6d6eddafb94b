-- A redemption may lack money only when every lot before it is used up; one lot for one redemption asks no amounts.
{{ config(meta={'dagster': {'ref': {'name': 'reward_transactions'}}}) }}

with history as (
    select
        *,
        sum(case type when 'earned' then amount_minor when 'reversed' then allocated_minor else -allocated_minor end) over (
            partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding
        ) as left_in_lots
    from {{ ref('reward_transactions') }}
    where problem is null
)

select *
from history
where type in ('spent', 'expired') and unfunded_amount_minor > 0 and left_in_lots != 0 and {{ reward_method() }} != 'one_to_one'
