with explained as (
    select * from {{ ref('int_matching__open_explained') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

buckets as (
    select * from {{ ref('ageing_buckets') }}
),

aged as (
    select
        explained.*,
        greatest(0, {{ days_between('explained.business_date', as_of()) }}) as age_days
    from explained
)

select
    -- keys
    cast(aged.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(aged.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(aged.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(aged.side as {{ dbt.type_string() }}) as side,
    cast(aged.role as {{ dbt.type_string() }}) as role,
    cast(aged.source as {{ dbt.type_string() }}) as source,
    cast(nullif(aged.processor, '') as {{ dbt.type_string() }}) as processor,
    cast(aged.native_id as {{ dbt.type_string() }}) as native_id,
    cast(aged.event_type as {{ dbt.type_string() }}) as event_type,
    cast(aged.reference as {{ dbt.type_string() }}) as reference,
    cast(aged.processor_reference as {{ dbt.type_string() }}) as processor_reference,

    -- money, as the party reported it
    cast(transactions.amount_minor as bigint) as amount_minor,
    cast(transactions.amount as decimal(28, 4)) as amount,
    cast(aged.currency as {{ dbt.type_string() }}) as currency,

    -- time
    cast(aged.business_date as date) as business_date,
    cast(aged.expected_by as date) as expected_by,
    cast(aged.age_days as integer) as age_days,
    cast(buckets.ageing_bucket as {{ dbt.type_string() }}) as ageing_bucket,

    -- state
    cast(aged.state as {{ dbt.type_string() }}) as state,
    cast(aged.reason_code as {{ dbt.type_string() }}) as reason_code,
    cast(aged.reason as {{ dbt.type_string() }}) as reason,
    cast(aged.rivals as integer) as rivals,
    cast(aged.related_transaction_id as {{ dbt.type_string() }}) as related_transaction_id
from aged
inner join transactions on aged.transaction_id = transactions.transaction_id
left join buckets
    on aged.age_days >= buckets.from_days and aged.age_days <= coalesce(buckets.to_days, aged.age_days)
