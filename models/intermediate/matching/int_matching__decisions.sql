with items as {{ read_in_place() }} (
    select * from {{ ref('int_matching__items') }}
),

all_decisions as (
    select
        decision_id, tenant_id, action, reconciliation, left_source, left_native_id, right_source, right_native_id,
        decided_by, cast(decided_at as timestamp) as decided_at, comment as reason,
        cast(null as {{ dbt.type_string() }}) as decision_group
    from {{ ref('manual_matches') }}
    union all
    select
        decision_id, tenant_id, action, reconciliation, left_source, left_native_id, right_source, right_native_id,
        decided_by, decided_at, reason, decision_group
    from {{ source('ops', 'match_decisions') }}
),

-- The seed may hold another deployment's decisions, as it does the samples': a tenant without rows here is not ours.
tenants as (
    select tenant_id from items group by tenant_id
),

-- `decision_key` orders decisions of one moment the same way on every engine. The pairs of a group are one decision.
known_decisions as (
    select
        all_decisions.*,
        case
            when all_decisions.decision_group is null then {{ key_hash('dec', [
                'decision_id', 'all_decisions.tenant_id', 'reconciliation', 'left_source', 'left_native_id', 'right_source', 'right_native_id'
            ]) }}
            else {{ key_hash('dec', ['all_decisions.decision_group', 'all_decisions.tenant_id', 'all_decisions.reconciliation']) }}
        end as decision_key,
        count(*) over (partition by all_decisions.tenant_id, all_decisions.reconciliation, all_decisions.decision_group) as pairs_decided
    from all_decisions
    inner join tenants on all_decisions.tenant_id = tenants.tenant_id
    where all_decisions.decided_at <= {{ as_of() }}
),

latest_decisions as (
    select
        known_decisions.*,
        row_number() over (
            partition by tenant_id, reconciliation, left_source, left_native_id, right_source, right_native_id
            order by decided_at desc, decision_key desc
        ) as age_rank
    from known_decisions
),

-- Decisions are few and items many. A native id that two accounts share names no one transaction.
named_items as (
    select
        tenant_id, reconciliation, role, source, native_id, min(transaction_id) as transaction_id, min(currency) as currency
    from items
    where
        exclusion is null
        and native_id in (
            select latest_decisions.left_native_id from latest_decisions
            union
            select latest_decisions.right_native_id from latest_decisions
        )
    group by tenant_id, reconciliation, role, source, native_id
    having count(*) = 1
),

resolved as (
    select
        latest_decisions.*,
        lefts.transaction_id as left_transaction_id,
        rights.transaction_id as right_transaction_id,
        case
            when lefts.transaction_id is null then 'the left transaction is unknown, shared by two accounts or excluded'
            when rights.transaction_id is null then 'the right transaction is unknown, shared by two accounts or excluded'
            when lefts.currency != rights.currency and latest_decisions.action = 'match'
                then 'the two are in different currencies'
        end as problem
    from latest_decisions
    left join named_items as lefts
        on
            latest_decisions.tenant_id = lefts.tenant_id and latest_decisions.reconciliation = lefts.reconciliation
            and latest_decisions.left_source = lefts.source and latest_decisions.left_native_id = lefts.native_id and lefts.role = 'left'
    left join named_items as rights
        on
            latest_decisions.tenant_id = rights.tenant_id and latest_decisions.reconciliation = rights.reconciliation
            and latest_decisions.right_source = rights.source and latest_decisions.right_native_id = rights.native_id
            and rights.role = 'right'
    where latest_decisions.age_rank = 1
)

-- A group is confirmed whole or not at all.
select
    decision_id, tenant_id, action, reconciliation, left_source, left_native_id, right_source, right_native_id,
    decided_by, decided_at, reason, decision_key, left_transaction_id, right_transaction_id,
    coalesce(
        problem, max(problem) over (partition by decision_key),
        case
            when decision_group is not null and count(*) over (partition by decision_key) < pairs_decided
                then 'a later decision took a part of the group away'
        end
    ) as problem
from resolved
