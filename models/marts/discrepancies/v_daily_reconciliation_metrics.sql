{{ config(materialized='view') }}

with summary as (
    select * from {{ ref('reconciliation_summary') }}
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

days as (
    select
        tenant_id,
        reconciliation,
        business_date as run_date,
        processor as processor_name,
        currency,
        sum(left_count) as left_transaction_count,
        sum(right_count) as right_transaction_count,
        sum(matched_count) as matched_transaction_count,
        sum(proposed_count) as proposed_transaction_count,
        sum(expected_count) as expected_transaction_count,
        sum(missing_count) as missing_transaction_count,
        sum(ambiguous_count) as ambiguous_transaction_count,
        sum(discrepant_count) as discrepant_transaction_count,
        sum(total_count) as total_count,
        sum(left_amount) as left_volume,
        sum(right_amount) as right_volume,
        sum(missing_amount) as missing_amount,
        sum(amount_at_risk) as total_discrepancy_amount,
        max(severity_rank) as severity_rank,
        max(risk_rank) as risk_rank,
        min(case when is_complete then 1 else 0 end) = 1 as is_complete
    from summary
    group by tenant_id, reconciliation, business_date, processor, currency
)

select
    cast(days.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(days.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(days.run_date as date) as run_date,
    cast(days.processor_name as {{ dbt.type_string() }}) as processor_name,
    cast(days.currency as {{ dbt.type_string() }}) as currency,
    cast(days.left_transaction_count as bigint) as left_transaction_count,
    cast(days.right_transaction_count as bigint) as right_transaction_count,
    cast(days.matched_transaction_count as bigint) as matched_transaction_count,
    cast(days.proposed_transaction_count as bigint) as proposed_transaction_count,
    cast(days.expected_transaction_count as bigint) as expected_transaction_count,
    cast(days.missing_transaction_count as bigint) as missing_transaction_count,
    cast(days.ambiguous_transaction_count as bigint) as ambiguous_transaction_count,
    cast(days.discrepant_transaction_count as bigint) as discrepant_transaction_count,
    cast(days.left_volume as decimal(28, 4)) as left_volume,
    cast(days.right_volume as decimal(28, 4)) as right_volume,
    cast(days.missing_amount as decimal(28, 4)) as missing_amount,
    cast(days.total_discrepancy_amount as decimal(28, 4)) as total_discrepancy_amount,
    {{ share_of('days.discrepant_transaction_count', 'days.total_count') }} as discrepancy_rate,
    cast(levels.level as {{ dbt.type_string() }}) as severity,
    cast(risks.level as {{ dbt.type_string() }}) as risk_level,
    cast(risks.compliance_status as {{ dbt.type_string() }}) as compliance_status,
    days.is_complete
from days
inner join levels on days.severity_rank = levels.level_rank
inner join risks on days.risk_rank = risks.level_rank
