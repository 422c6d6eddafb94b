with explained as (
    select * from {{ ref('int_matching__explained') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

members as (
    {% for role in ['left', 'right'] %}
        select
            explained.match_id,
            explained.{{ role }}_transaction_id as transaction_id,
            explained.tenant_id,
            explained.reconciliation,
            reconciliations.{{ role }}_side as side,
            '{{ role }}' as role
        from explained
        inner join reconciliations on explained.reconciliation = reconciliations.reconciliation
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    cast(match_id as {{ dbt.type_string() }}) as match_id,
    cast(transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(side as {{ dbt.type_string() }}) as side,
    cast(role as {{ dbt.type_string() }}) as role
from members
