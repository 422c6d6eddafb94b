with daily as (
    select * from {{ ref('int_rewards__daily_movements') }}
),

cycles as (
    select * from {{ ref('reward_report_cycles') }}
),

days as (
    select moved_on from daily group by moved_on
),

periods as (
    select
        days.moved_on,
        cycles.cycle,
        {{ period_number('days.moved_on', 'cycles') }} as period_number
    from days
    inner join cycles on cycles.length > 0
),

-- Each level is a report of its own: the whole, and the same by company, cost center, region and group.
levels as (
    {%- for level in ['total', 'company', 'cost_center', 'region', 'customer_group'] %}
        {{ 'union all' if not loop.first }}
        select daily.*, '{{ level }}' as level, {{ "'all'" if level == 'total' else level }} as member
        from daily
    {%- endfor %}
)

select
    levels.tenant_id,
    levels.currency,
    periods.cycle,
    periods.period_number,
    levels.level,
    levels.member,
    cast(sum(levels.earned_minor) as bigint) as earned_minor,
    cast(sum(levels.spent_minor) as bigint) as spent_minor,
    cast(sum(levels.expired_minor) as bigint) as expired_minor,
    cast(sum(levels.reversed_minor) as bigint) as reversed_minor,
    cast(sum(levels.unfunded_minor) as bigint) as unfunded_minor
from levels
inner join periods on levels.moved_on = periods.moved_on
group by levels.tenant_id, levels.currency, periods.cycle, periods.period_number, levels.level, levels.member
