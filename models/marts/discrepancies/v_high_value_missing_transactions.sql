{{ config(materialized='view') }}

with missing as (
    select * from {{ ref('discrepancies') }}
    where kind in ('missing_internally', 'missing_at_processor', 'missing_at_bank')
),

transactions as (
    select * from {{ ref('transactions') }}
),

limits as (
    select * from {{ ref('severities') }} where scale = 'high_value'
)

select
    cast(missing.discrepancy_id as {{ dbt.type_string() }}) as discrepancy_id,
    cast(missing.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(missing.kind as {{ dbt.type_string() }}) as kind,
    cast(missing.severity as {{ dbt.type_string() }}) as severity,
    cast(missing.business_date as date) as run_date,
    cast(missing.processor as {{ dbt.type_string() }}) as processor_name,
    cast(missing.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(missing.native_id as {{ dbt.type_string() }}) as native_id,
    cast(transactions.merchant_id as {{ dbt.type_string() }}) as merchant_id,
    cast(missing.reference as {{ dbt.type_string() }}) as reference_number,
    cast(transactions.amount as decimal(28, 4)) as amount,
    cast(missing.currency as {{ dbt.type_string() }}) as currency,
    cast(missing.age_days as integer) as age_days,
    cast(missing.is_accepted as boolean) as is_accepted
from missing
inner join transactions on missing.transaction_id = transactions.transaction_id
left join limits as own_limits on missing.currency = own_limits.currency
inner join limits as common_limits on common_limits.currency = '*'
where missing.amount_at_risk >= coalesce(own_limits.at_least, common_limits.at_least)
