with balances as (
    select * from {{ ref('reward_current_balances') }}
),

reports as (
    select * from {{ ref('reward_reports') }}
),

totals as (
    select tenant_id, currency, sum(open_lots_minor) as open_lots_minor
    from balances
    group by tenant_id, currency
),

levels as (
    select tenant_id, currency, cycle, period_from, level, sum(closing_minor) as closing_minor
    from reports
    group by tenant_id, currency, cycle, period_from, level
),

uneven as (
    select tenant_id, currency, cycle, period_from, max(closing_minor) - min(closing_minor) as amount_minor
    from levels
    group by tenant_id, currency, cycle, period_from
),

followed as (
    select
        reports.*,
        lag(closing_minor, 1, 0) over (
            partition by tenant_id, currency, cycle, level, member order by period_from
        ) as closed_before
    from reports
),

last_periods as (
    select tenant_id, currency, cycle, max(period_from) as period_from from reports group by tenant_id, currency, cycle
),

last_closings as (
    select
        reports.tenant_id,
        reports.currency,
        reports.cycle,
        reports.period_from,
        reports.closing_minor - totals.open_lots_minor as amount_minor
    from reports
    inner join last_periods
        on
            reports.tenant_id = last_periods.tenant_id
            and reports.currency = last_periods.currency
            and reports.cycle = last_periods.cycle
            and reports.period_from = last_periods.period_from
    inner join totals on reports.tenant_id = totals.tenant_id and reports.currency = totals.currency
    where reports.level = 'total'
)

{{ failing_rows('reports_add_up', 'uneven',
    "cycle || ' from ' || period_from", "'levels close with different sums'", 'amount_minor != 0', 'amount_minor', 'null') }}
union all
{{ failing_rows('reports_follow_on', 'followed',
    "cycle || ' from ' || period_from || ', ' || member", "'opens with another sum than the period before closed with'",
    'opening_minor != closed_before', 'opening_minor - closed_before', 'null', record='reward_report_id') }}
union all
{{ failing_rows('reports_end_at_the_open_lots', 'last_closings',
    "cycle || ' from ' || period_from", "'closes with another sum than the open lots'", 'amount_minor != 0', 'amount_minor', 'null') }}
