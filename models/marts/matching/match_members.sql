with matched as (
    select * from {{ ref('int_matching__matched') }}
)

select
    cast(match_id as {{ dbt.type_string() }}) as match_id,
    cast(transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(side as {{ dbt.type_string() }}) as side,
    cast(role as {{ dbt.type_string() }}) as role
from matched
