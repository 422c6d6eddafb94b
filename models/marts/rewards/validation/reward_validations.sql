with checks as (
    select * from {{ ref('reward_checks') }}
),

failures as (
    select * from {{ ref('reward_validation_failures') }}
),

scopes as (
    select tenant_id, 'transactions' as looks_at, count(*) as row_count from {{ ref('reward_transactions') }} group by tenant_id
    union all
    select tenant_id, 'allocations' as looks_at, count(*) as row_count from {{ ref('reward_allocations') }} group by tenant_id
    union all
    select tenant_id, 'customers' as looks_at, count(*) as row_count from {{ ref('reward_customers') }} group by tenant_id
    union all
    select tenant_id, 'orders' as looks_at, count(*) as row_count from {{ ref('reward_orders') }} group by tenant_id
    union all
    select tenant_id, 'groups' as looks_at, count(*) as row_count from {{ ref('reward_group_liabilities') }} group by tenant_id
    union all
    select tenant_id, 'reports' as looks_at, count(*) as row_count from {{ ref('reward_reports') }} group by tenant_id
),

tenants as (
    select tenant_id from scopes group by tenant_id
),

failed as (
    select
        tenant_id,
        check_name,
        count(*) as failing_count
    from failures
    group by tenant_id, check_name
),

-- Every check answers for every tenant: one that looked at nothing says so by its count.
answered as (
    select
        tenants.tenant_id,
        checks.*,
        cast(coalesce(scopes.row_count, 0) as bigint) as checked_count,
        cast(coalesce(failed.failing_count, 0) as bigint) as failing_count
    from tenants
    inner join checks on checks.check_name is not null
    left join scopes on tenants.tenant_id = scopes.tenant_id and checks.looks_at = scopes.looks_at
    left join failed on tenants.tenant_id = failed.tenant_id and checks.check_name = failed.check_name
)

select
    {{ key_hash('rva', ['tenant_id', 'check_name']) }} as reward_validation_id,
    tenant_id,
    cast(layer as {{ dbt.type_string() }}) as layer,
    cast(check_name as {{ dbt.type_string() }}) as check_name,
    cast(severity as {{ dbt.type_string() }}) as severity,
    fails_build,
    cast(looks_at as {{ dbt.type_string() }}) as looks_at,
    checked_count,
    failing_count,
    failing_count = 0 as passed,
    cast(break_kind as {{ dbt.type_string() }}) as break_kind,
    cast(statement as {{ dbt.type_string() }}) as statement,
    cast(what_to_do as {{ dbt.type_string() }}) as what_to_do
from answered
