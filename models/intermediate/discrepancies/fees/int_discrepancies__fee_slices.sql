-- The part of each row's amount that falls into a tier; without tiers all of it. An amount of 0 lies in the tier it begins in.
with scheduled as (
    select * from {{ ref('int_discrepancies__fee_scheduled') }}
),

fee_schedules as (
    select * from {{ ref('fee_schedules') }}
),

tiers as (
    select
        tiers.*,
        lead(from_minor) over (partition by schedule_id order by from_minor) as to_minor
    from {{ ref('fee_schedule_tiers') }} as tiers
),

placed as (
    select
        scheduled.transaction_id,
        scheduled.volume_minor,
        scheduled.volume_before_minor,
        fee_schedules.tier_by,
        tiers.from_minor,
        tiers.to_minor,
        tiers.rate_millionths,
        tiers.flat_minor,
        case fee_schedules.tier_by when 'whole' then scheduled.month_volume_minor else scheduled.volume_before_minor end as begins_minor,
        scheduled.volume_before_minor + scheduled.volume_minor as ends_minor
    from scheduled
    inner join fee_schedules on scheduled.schedule_id = fee_schedules.schedule_id and fee_schedules.tier_by != 'none'
    inner join tiers on fee_schedules.schedule_id = tiers.schedule_id
),

located as (
    select
        placed.*,
        begins_minor >= from_minor and (to_minor is null or begins_minor < to_minor) as begins_here
    from placed
)

select
    scheduled.transaction_id,
    0 as from_minor,
    scheduled.volume_minor as slice_minor,
    fee_schedules.rate_millionths,
    fee_schedules.flat_minor
from scheduled
inner join fee_schedules on scheduled.schedule_id = fee_schedules.schedule_id and fee_schedules.tier_by = 'none'
union all
select
    transaction_id,
    from_minor,
    case
        when tier_by = 'whole' then volume_minor
        else least(ends_minor, coalesce(to_minor, ends_minor)) - greatest(volume_before_minor, from_minor)
    end as slice_minor,
    rate_millionths,
    case when begins_here then flat_minor else 0 end as flat_minor
from located
where begins_here or (tier_by = 'marginal' and begins_minor < from_minor and ends_minor > from_minor)
