with failures as (
    select * from {{ ref('int_rewards__source_failures') }}
    union all
    select * from {{ ref('int_rewards__processing_failures') }}
    union all
    select * from {{ ref('int_rewards__dated_failures') }}
    union all
    select * from {{ ref('int_rewards__result_failures') }}
    union all
    select * from {{ ref('int_rewards__history_failures') }}
    union all
    select * from {{ ref('int_rewards__analytics_failures') }}
    union all
    select * from {{ ref('int_rewards__report_failures') }}
),

checks as (
    select * from {{ ref('reward_checks') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    {{ key_hash('rvf', ['failures.check_name', 'failures.tenant_id', 'failures.record_key', 'failures.currency']) }}
        as reward_validation_failure_id,
    failures.tenant_id,
    cast(checks.layer as {{ dbt.type_string() }}) as layer,
    cast(failures.check_name as {{ dbt.type_string() }}) as check_name,
    cast(checks.severity as {{ dbt.type_string() }}) as severity,
    checks.fails_build,
    failures.subject,
    failures.customer_id,
    failures.currency,
    failures.amount_minor,
    {{ major_units('failures.amount_minor', 'currencies.exponent') }} as amount,
    failures.explanation,
    cast(checks.what_to_do as {{ dbt.type_string() }}) as what_to_do,
    failures._document_id,
    failures._source_file,
    failures._source_line
from failures
inner join checks on failures.check_name = checks.check_name
left join currencies on failures.currency = currencies.currency
