-- From which look to which each break stood in a bucket: nothing happens to it, and yet it ages from one into the next.
with versions as (
    select * from {{ ref('int_discrepancies__versions') }} where state != 'cleared'
),

looks as (
    select * from {{ ref('int_discrepancies__looks') }} where looked_at <= {{ as_of() }}
),

buckets as (
    select * from {{ ref('ageing_buckets') }}
),

aged as (
    select
        versions.*,
        buckets.ageing_bucket,
        buckets.position,
        case when buckets.from_days > 0 then {{ add_days('versions.business_date', 'buckets.from_days') }} end as begins_on,
        {{ add_days('versions.business_date', 'buckets.to_days + 1') }} as ends_on
    from versions
    inner join buckets on versions.business_date is not null
),

days as (
    select begins_on as on_day from aged where begins_on is not null
    union
    select ends_on as on_day from aged where ends_on is not null
),

in_order as (
    select on_day, cast(null as timestamp) as looked_at from days
    union all
    select cast(looked_at as date) as on_day, looked_at from looks
),

-- The first look on that day or after it: a day stands before the looks of the same date.
first_looks as (
    select
        on_day,
        looked_at,
        min(looked_at) over (
            order by on_day, looked_at nulls first rows between current row and unbounded following
        ) as first_look
    from in_order
),

day_looks as (
    select * from first_looks where looked_at is null
),

spans as (
    select
        aged.discrepancy_id, aged.tenant_id, coalesce(aged.reconciliation, '(none)') as reconciliation, aged.kind, aged.source,
        aged.currency, aged.state, aged.ageing_bucket, aged.position, aged.amount_at_risk_minor, aged.known_to,
        ends.first_look as aged_out_at,
        case when begins.first_look > aged.known_from then begins.first_look else aged.known_from end as from_look,
        aged.begins_on is null or begins.first_look is not null as has_begun
    from aged
    left join day_looks as begins on aged.begins_on = begins.on_day
    left join day_looks as ends on aged.ends_on = ends.on_day
)

select
    spans.*,
    case when aged_out_at < known_to or known_to is null then aged_out_at else known_to end as to_look
from spans
where
    has_begun
    and (known_to is null or from_look < known_to)
    and (aged_out_at is null or from_look < aged_out_at)
