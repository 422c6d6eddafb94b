-- A customer is merged into one that stays: neither chains nor circles, whose end nobody could read off the seed.
{{ config(meta={'dagster': {'ref': {'name': 'reward_customer_merges'}}}) }}

with mergers as (
    select * from {{ ref('reward_customer_merges') }}
)

select
    mergers.tenant_id,
    mergers.customer_id,
    mergers.merged_into,
    next_mergers.merged_into as and_then_into
from mergers
inner join mergers as next_mergers
    on mergers.tenant_id = next_mergers.tenant_id and mergers.merged_into = next_mergers.customer_id
