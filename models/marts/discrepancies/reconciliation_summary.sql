with days as (
    select * from {{ ref('int_discrepancies__days') }}
),

grades as (
    select * from {{ ref('int_discrepancies__day_grades') }}
),

levels as (
    select
        level,
        max(level_rank) as level_rank
    from {{ ref('severities') }}
    where scale in ('rate', 'amount')
    group by level
),

risks as (
    select * from {{ ref('severities') }} where scale = 'risk'
),

incomplete_days as (
    select * from {{ ref('int_discrepancies__incomplete_days') }}
)

select
    -- keys
    cast(days.summary_id as {{ dbt.type_string() }}) as summary_id,
    cast(days.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(days.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(days.source as {{ dbt.type_string() }}) as source,
    cast(days.side as {{ dbt.type_string() }}) as side,
    cast(days.role as {{ dbt.type_string() }}) as role,
    cast(days.processor as {{ dbt.type_string() }}) as processor,
    cast(days.business_date as date) as business_date,
    cast(days.currency as {{ dbt.type_string() }}) as currency,

    -- counts
    cast(days.total_count as bigint) as total_count,
    cast(days.left_count as bigint) as left_count,
    cast(days.right_count as bigint) as right_count,
    cast(days.matched_count as bigint) as matched_count,
    cast(days.proposed_count as bigint) as proposed_count,
    cast(days.expected_count as bigint) as expected_count,
    cast(days.missing_count as bigint) as missing_count,
    cast(days.ambiguous_count as bigint) as ambiguous_count,
    cast(days.excluded_count as bigint) as excluded_count,
    cast(days.discrepant_count as bigint) as discrepant_count,
    cast(days.accepted_count as bigint) as accepted_count,

    -- money
    cast(days.total_amount_minor as bigint) as total_amount_minor,
    {{ major_units('days.total_amount_minor', 'days.exponent') }} as total_amount,
    cast(days.left_amount_minor as bigint) as left_amount_minor,
    {{ major_units('days.left_amount_minor', 'days.exponent') }} as left_amount,
    cast(days.right_amount_minor as bigint) as right_amount_minor,
    {{ major_units('days.right_amount_minor', 'days.exponent') }} as right_amount,
    cast(days.matched_amount_minor as bigint) as matched_amount_minor,
    {{ major_units('days.matched_amount_minor', 'days.exponent') }} as matched_amount,
    cast(days.proposed_amount_minor as bigint) as proposed_amount_minor,
    {{ major_units('days.proposed_amount_minor', 'days.exponent') }} as proposed_amount,
    cast(days.expected_amount_minor as bigint) as expected_amount_minor,
    {{ major_units('days.expected_amount_minor', 'days.exponent') }} as expected_amount,
    cast(days.missing_amount_minor as bigint) as missing_amount_minor,
    {{ major_units('days.missing_amount_minor', 'days.exponent') }} as missing_amount,
    cast(days.ambiguous_amount_minor as bigint) as ambiguous_amount_minor,
    {{ major_units('days.ambiguous_amount_minor', 'days.exponent') }} as ambiguous_amount,
    cast(days.excluded_amount_minor as bigint) as excluded_amount_minor,
    {{ major_units('days.excluded_amount_minor', 'days.exponent') }} as excluded_amount,
    cast(days.discrepant_amount_minor as bigint) as discrepant_amount_minor,
    {{ major_units('days.discrepant_amount_minor', 'days.exponent') }} as discrepant_amount,
    cast(days.amount_at_risk_minor as bigint) as amount_at_risk_minor,
    cast(days.amount_at_risk as decimal(28, 4)) as amount_at_risk,

    -- state
    cast(days.discrepancy_rate as decimal(12, 6)) as discrepancy_rate,
    cast(levels.level as {{ dbt.type_string() }}) as severity,
    cast(grades.severity_rank as integer) as severity_rank,
    cast(risks.level as {{ dbt.type_string() }}) as risk_level,
    cast(risks.level_rank as integer) as risk_rank,
    cast(risks.compliance_status as {{ dbt.type_string() }}) as compliance_status,
    incomplete_days.summary_id is null as is_complete,
    cast(incomplete_days.incomplete_because as {{ dbt.type_string() }}) as incomplete_because
from days
inner join grades on days.summary_id = grades.summary_id
inner join levels on grades.severity_rank = levels.level_rank
inner join risks on grades.risk_rank = risks.level_rank
left join incomplete_days on days.summary_id = incomplete_days.summary_id
