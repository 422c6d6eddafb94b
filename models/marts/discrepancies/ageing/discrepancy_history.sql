with versions as (
    select * from {{ ref('int_discrepancies__versions') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    -- keys
    {{ key_hash('ver', ['versions.discrepancy_id', 'versions.known_from']) }} as discrepancy_version_id,
    cast(versions.discrepancy_id as {{ dbt.type_string() }}) as discrepancy_id,
    cast(versions.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(versions.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(versions.kind as {{ dbt.type_string() }}) as kind,
    cast(versions.source as {{ dbt.type_string() }}) as source,
    cast(versions.native_id as {{ dbt.type_string() }}) as native_id,

    -- money
    cast(versions.currency as {{ dbt.type_string() }}) as currency,
    cast(versions.amount_at_risk_minor as bigint) as amount_at_risk_minor,
    {{ major_units('versions.amount_at_risk_minor', 'currencies.exponent') }} as amount_at_risk,

    -- time
    cast(versions.business_date as date) as business_date,
    cast(versions.known_from as timestamp) as valid_from,
    cast(versions.known_to as timestamp) as valid_to,

    -- state
    cast(versions.state as {{ dbt.type_string() }}) as state,
    cast(versions.severity as {{ dbt.type_string() }}) as severity,
    cast(versions.accepted_by as {{ dbt.type_string() }}) as accepted_by,
    cast(versions.accepted_on as date) as accepted_on
from versions
inner join currencies on versions.currency = currencies.currency
