-- A customer is merged into one that stays: neither chains nor circles, whose end nobody could read off the seed.
{{ config(meta={'dagster': {'ref': {'name': 'reward_customer_merges'}}}) }}

with merges as (
    select * from {{ ref('reward_customer_merges') }}
)

select
    merges.tenant_id,
    merges.customer_id,
    merges.merged_into,
    next_merges.merged_into as and_then_into
from merges
inner join merges as next_merges
    on merges.tenant_id = next_merges.tenant_id and merges.merged_into = next_merges.customer_id
