with days as (
    select * from {{ ref('int_discrepancies__days') }}
),

severities as (
    select * from {{ ref('severities') }}
),

own_limits as (
    select currency
    from severities
    where scale = 'amount' and currency != '*'
    group by currency
),

measured as (
    select summary_id, 'rate' as scale, '*' as limit_currency, total_count, discrepancy_rate as measure
    from days
    union all
    select summary_id, 'risk' as scale, '*' as limit_currency, total_count, discrepancy_rate as measure
    from days
    union all
    select
        days.summary_id, 'amount' as scale, coalesce(own_limits.currency, '*') as limit_currency,
        days.total_count, days.amount_at_risk as measure
    from days
    left join own_limits on days.currency = own_limits.currency
),

reached as (
    select
        measured.summary_id,
        measured.scale,
        max(severities.level_rank) as level_rank
    from measured
    inner join severities
        on
            measured.scale = severities.scale
            and measured.limit_currency = severities.currency
            and measured.total_count >= severities.volume_from
            and measured.total_count < coalesce(severities.volume_below, measured.total_count + 1)
            and measured.measure >= coalesce(severities.at_least, measured.measure)
            and (severities.above is null or measured.measure > severities.above)
    group by measured.summary_id, measured.scale
)

select
    summary_id,
    max(case when scale in ('rate', 'amount') then level_rank end) as severity_rank,
    max(case when scale = 'risk' then level_rank end) as risk_rank
from reached
group by summary_id
