with program_months as (
    select * from {{ ref('int_rewards__program_months') }}
),

reward_programs as (
    select * from {{ ref('reward_programs') }}
),

reward_program_estimates as (
    select * from {{ ref('reward_program_estimates') }}
),

last_periods as (
    select
        tenant_id,
        max(period) as last_period
    from program_months
    group by tenant_id
),

first_periods as (
    select
        tenant_id,
        program_id,
        min(period) as first_period
    from program_months
    group by tenant_id, program_id
),

-- A program stays in view until the tenant's last month.
months as (
    select
        first_periods.tenant_id,
        first_periods.program_id,
        {{ months_between('first_periods.first_period', 'last_periods.last_period') }} as period
    from first_periods
    inner join last_periods on first_periods.tenant_id = last_periods.tenant_id
),

-- A tenant's own row stands before one of every tenant.
programs as (
    select
        first_periods.tenant_id,
        first_periods.program_id,
        reward_programs.measured_by,
        row_number() over (
            partition by first_periods.tenant_id, first_periods.program_id
            order by case when reward_programs.tenant_id = '*' then 1 else 0 end
        ) as place
    from first_periods
    inner join reward_programs
        on
            first_periods.program_id = reward_programs.program_id
            and reward_programs.tenant_id in ('*', first_periods.tenant_id)
),

estimates as (
    select
        first_periods.tenant_id,
        first_periods.program_id,
        reward_program_estimates.valid_from,
        reward_program_estimates.expected_redemption_bps,
        case when reward_program_estimates.tenant_id = '*' then 1 else 0 end as is_everybodys,
        min(case when reward_program_estimates.tenant_id = '*' then 1 else 0 end) over (
            partition by first_periods.tenant_id, first_periods.program_id
        ) as is_nobodys_own
    from first_periods
    inner join reward_program_estimates
        on
            first_periods.program_id = reward_program_estimates.program_id
            and reward_program_estimates.tenant_id in ('*', first_periods.tenant_id)
),

valid as (
    select
        months.*,
        estimates.expected_redemption_bps,
        row_number() over (
            partition by months.tenant_id, months.program_id, months.period order by estimates.valid_from desc nulls last
        ) as place
    from months
    left join estimates
        on
            months.tenant_id = estimates.tenant_id
            and months.program_id = estimates.program_id
            and months.period >= estimates.valid_from
            and estimates.is_everybodys = estimates.is_nobodys_own
)

-- Without an estimate everything is expected to be used.
select
    valid.tenant_id,
    valid.program_id,
    valid.period,
    programs.measured_by,
    coalesce(valid.expected_redemption_bps, 10000) as expected_redemption_bps
from valid
inner join programs on valid.tenant_id = programs.tenant_id and valid.program_id = programs.program_id
where valid.place = 1 and programs.place = 1
