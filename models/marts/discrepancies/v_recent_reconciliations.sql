{{ config(materialized='view') }}

with metrics as (
    select * from {{ ref('v_daily_reconciliation_metrics') }}
),

dated as (
    select
        metrics.*,
        {{ days_between('run_date', as_of()) }} as days_ago,
        dense_rank() over (partition by tenant_id, reconciliation order by run_date desc) as recency
    from metrics
)

select
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(run_date as date) as run_date,
    cast(processor_name as {{ dbt.type_string() }}) as processor_name,
    cast(currency as {{ dbt.type_string() }}) as currency,
    cast(missing_transaction_count as bigint) as missing_transaction_count,
    cast(discrepant_transaction_count as bigint) as discrepant_transaction_count,
    cast(total_discrepancy_amount as decimal(28, 4)) as total_discrepancy_amount,
    cast(discrepancy_rate as decimal(12, 6)) as discrepancy_rate,
    cast(severity as {{ dbt.type_string() }}) as severity,
    cast(
        case when discrepant_transaction_count = 0 then 'balanced' else 'needs_review' end as {{ dbt.type_string() }}
    ) as status,
    cast(days_ago as integer) as days_ago,
    cast(recency as integer) as recency
from dated
