-- A redemption may lack money only when every lot before it is used up.
{{ config(meta={'dagster': {'ref': {'name': 'reward_transactions'}}}) }}

with history as (
    select
        *,
        sum(case when is_lot then amount_minor else -allocated_minor end) over (
            partition by tenant_id, currency, customer_id order by event_number rows unbounded preceding
        ) as left_in_lots
    from {{ ref('reward_transactions') }}
    where not has_conflict
)

select *
from history
where not is_lot and unfunded_amount_minor > 0 and left_in_lots != 0
