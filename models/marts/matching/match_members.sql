with explained as {{ read_in_place() }} (
    select * from {{ ref('int_matching__explained') }}
),

grouped as (
    select * from {{ ref('int_matching__grouped') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

members as (
    {% for role in ['left', 'right'] %}
        select match_id, {{ role }}_transaction_id as transaction_id, tenant_id, reconciliation, status, '{{ role }}' as role
        from explained
        where group_key is null
        union all
    {% endfor %}
    select explained.match_id, grouped.transaction_id, grouped.tenant_id, grouped.reconciliation, explained.status, grouped.role
    from grouped
    inner join explained on grouped.group_key = explained.group_key
)

select
    cast(members.match_id as {{ dbt.type_string() }}) as match_id,
    cast(members.transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(members.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(members.reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(
        case members.role when 'left' then reconciliations.left_side else reconciliations.right_side end
        as {{ dbt.type_string() }}
    ) as side,
    cast(members.role as {{ dbt.type_string() }}) as role,
    cast(members.status as {{ dbt.type_string() }}) as status
from members
inner join reconciliations on members.reconciliation = reconciliations.reconciliation
