with program_months as (
    select * from {{ ref('int_rewards__program_months') }}
),

program_estimates as (
    select * from {{ ref('int_rewards__program_estimates') }}
),

in_currencies as (
    select
        tenant_id,
        program_id,
        currency,
        min(period) as first_period
    from program_months
    group by tenant_id, program_id, currency
),

months as (
    select
        program_estimates.tenant_id,
        program_estimates.program_id,
        in_currencies.currency,
        program_estimates.period,
        program_estimates.measured_by,
        program_estimates.expected_redemption_bps,
        coalesce(program_months.earned_minor, 0) as earned_minor,
        coalesce(program_months.redeemed_minor, 0) as redeemed_minor,
        coalesce(program_months.expired_minor, 0) as expired_minor
    from program_estimates
    inner join in_currencies
        on
            program_estimates.tenant_id = in_currencies.tenant_id
            and program_estimates.program_id = in_currencies.program_id
            and program_estimates.period >= in_currencies.first_period
    left join program_months
        on
            in_currencies.tenant_id = program_months.tenant_id
            and in_currencies.program_id = program_months.program_id
            and in_currencies.currency = program_months.currency
            and program_estimates.period = program_months.period
)

select
    tenant_id,
    program_id,
    currency,
    period,
    measured_by,
    expected_redemption_bps,
    cast(earned_minor as bigint) as earned_minor,
    cast(redeemed_minor as bigint) as redeemed_minor,
    cast(expired_minor as bigint) as expired_minor,
    cast(sum(earned_minor) over history as bigint) as earned_to_date_minor,
    cast(sum(redeemed_minor) over history as bigint) as redeemed_to_date_minor,
    cast(sum(expired_minor) over history as bigint) as expired_to_date_minor
from months
window history as (partition by tenant_id, program_id, currency order by period rows unbounded preceding)
