with graded as (
    select * from {{ ref('int_discrepancies__graded') }}
),

accepted as (
    select * from {{ ref('int_discrepancies__accepted') }}
),

buckets as (
    select * from {{ ref('ageing_buckets') }}
),

aged as (
    select
        graded.*,
        found_minor - expected_minor as difference_minor,
        greatest(0, {{ days_between('business_date', as_of()) }}) as age_days
    from graded
)

select
    -- keys
    cast(aged.discrepancy_id as {{ dbt.type_string() }}) as discrepancy_id,
    cast(aged.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(aged.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(aged.kind as {{ dbt.type_string() }}) as kind,
    cast(aged.severity as {{ dbt.type_string() }}) as severity,
    cast(aged.source as {{ dbt.type_string() }}) as source,
    cast(aged.native_id as {{ dbt.type_string() }}) as native_id,
    cast(aged.processor as {{ dbt.type_string() }}) as processor,
    cast(aged.match_id as {{ dbt.type_string() }}) as match_id,
    cast(aged.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(aged.counterpart_transaction_id as {{ dbt.type_string() }}) as counterpart_transaction_id,
    cast(aged.reference as {{ dbt.type_string() }}) as reference,

    -- money
    cast(aged.currency as {{ dbt.type_string() }}) as currency,
    cast(aged.expected_minor as bigint) as expected_minor,
    {{ major_units('aged.expected_minor', 'aged.exponent') }} as expected,
    cast(aged.found_minor as bigint) as found_minor,
    {{ major_units('aged.found_minor', 'aged.exponent') }} as found,
    cast(aged.difference_minor as bigint) as difference_minor,
    {{ major_units('aged.difference_minor', 'aged.exponent') }} as difference,
    cast(aged.amount_at_risk_minor as bigint) as amount_at_risk_minor,
    cast(aged.amount_at_risk as decimal(28, 4)) as amount_at_risk,

    -- time
    cast(aged.business_date as date) as business_date,
    cast(aged.first_seen_on as date) as first_seen_on,
    cast(aged.age_days as integer) as age_days,
    cast(buckets.ageing_bucket as {{ dbt.type_string() }}) as ageing_bucket,

    -- state
    cast(aged.explanation as {{ dbt.type_string() }}) as explanation,
    cast(aged.what_to_do as {{ dbt.type_string() }}) as what_to_do,
    cast(accepted.discrepancy_id is not null as boolean) as is_accepted,
    cast(accepted.accepted_by as {{ dbt.type_string() }}) as accepted_by,
    cast(accepted.accepted_on as date) as accepted_on,
    cast(accepted.accepted_reason as {{ dbt.type_string() }}) as accepted_reason,

    -- origin
    cast(aged._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(aged._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(aged._source_line as bigint) as _source_line
from aged
left join accepted on aged.discrepancy_id = accepted.discrepancy_id
left join buckets
    on aged.age_days >= buckets.from_days and aged.age_days <= coalesce(buckets.to_days, aged.age_days)
