-- Two prices for the same thing on the same day would leave the choice to chance; and tiers without a first one leave a volume unpriced.
{{ config(meta={'dagster': {'ref': {'name': 'fee_schedules'}}}) }}
{%- set words = ['tenant_id', 'processor', 'source_account', 'event_type', 'currency', 'card_brand', 'card_product', 'card_funding'] %}

with fee_schedules as (
    select * from {{ ref('fee_schedules') }}
),

tiers as (
    select
        schedule_id,
        min(from_minor) as first_minor
    from {{ ref('fee_schedule_tiers') }}
    group by schedule_id
),

followed as (
    select
        fee_schedules.*,
        lead(schedule_id) over (partition by {{ words | join(', ') }} order by valid_from, schedule_id) as next_schedule_id,
        lead(valid_from) over (partition by {{ words | join(', ') }} order by valid_from, schedule_id) as next_from
    from fee_schedules
)

select
    schedule_id,
    next_schedule_id as other,
    'both hold from ' || cast(next_from as {{ dbt.type_string() }}) as why
from followed
where next_schedule_id is not null and (valid_to is null or next_from <= valid_to)
union all
select
    coalesce(fee_schedules.schedule_id, tiers.schedule_id) as schedule_id,
    cast(null as {{ dbt.type_string() }}) as other,
    'its tiers do not begin at 0, or it has some and says none' as why
from fee_schedules
full outer join tiers on fee_schedules.schedule_id = tiers.schedule_id
where
    fee_schedules.schedule_id is null
    or (fee_schedules.tier_by = 'none' and tiers.schedule_id is not null)
    or (fee_schedules.tier_by != 'none' and tiers.first_minor is distinct from 0)
