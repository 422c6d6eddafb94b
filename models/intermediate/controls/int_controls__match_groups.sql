with matches as (
    select * from {{ ref('matches') }}
),

members as (
    select
        match_members.match_id,
        match_members.role,
        in_scope.tenant_id,
        in_scope.currency,
        coalesce(in_scope.amount_minor, 0) as amount_minor
    from {{ ref('match_members') }} as match_members
    left join {{ ref('int_controls__in_scope') }} as in_scope
        on
            match_members.transaction_id = in_scope.transaction_id
            and match_members.reconciliation = in_scope.reconciliation
            and match_members.role = in_scope.role
),

member_groups as (
    select
        match_id,
        -- least and greatest, because distinct values of a million groups are dear to count
        min(tenant_id) as tenant_id,
        max(tenant_id) as last_tenant_id,
        min(currency) as currency,
        max(currency) as last_currency,
        count(tenant_id) as known_count,
        count(*) as member_count,
        sum(case when role = 'left' then 1 else 0 end) as left_count,
        sum(case when role = 'right' then 1 else 0 end) as right_count,
        sum(case when role = 'right' then amount_minor else -amount_minor end) as difference_minor
    from members
    group by match_id
),

judged as (
    select
        coalesce(matches.tenant_id, member_groups.tenant_id, 'nobody') as tenant_id,
        coalesce(matches.reconciliation, 'members without a match') as scope,
        coalesce(
            matches.tenant_id = member_groups.tenant_id
            and matches.currency = member_groups.currency
            and member_groups.known_count = member_groups.member_count
            and member_groups.tenant_id = member_groups.last_tenant_id
            and member_groups.currency = member_groups.last_currency
            and matches.left_count = member_groups.left_count
            and matches.right_count = member_groups.right_count
            and least(member_groups.left_count, member_groups.right_count) > 0
            and matches.difference_minor = member_groups.difference_minor,
            false
        ) as is_lawful
    from matches
    full outer join member_groups on matches.match_id = member_groups.match_id
)

select
    'match_groups' as control,
    tenant_id,
    scope,
    'matches' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when is_lawful then 1 else 0 end) as decimal(28, 4)) as found
from judged
group by tenant_id, scope
