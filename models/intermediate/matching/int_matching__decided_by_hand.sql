with decisions as (
    select * from {{ ref('int_matching__decisions') }}
),

sides as (
    select
        reconciliation, action, decision_key, decided_at, decided_by, reason,
        left_transaction_id as transaction_id, 'left' as role
    from decisions
    where problem is null
    union all
    select
        reconciliation, action, decision_key, decided_at, decided_by, reason,
        right_transaction_id as transaction_id, 'right' as role
    from decisions
    where problem is null
),

-- A row in several pairs of one group is told once.
members as (
    select
        reconciliation, transaction_id, role, action, decision_key,
        min(decided_at) as decided_at,
        min(decided_by) as decided_by,
        min(reason) as reason
    from sides
    group by reconciliation, transaction_id, role, action, decision_key
),

counted as (
    select
        members.*,
        count(*) over (partition by reconciliation, decision_key, action) as member_count
    from members
),

-- Of several decisions on one transaction the latest match counts; taking apart counts when nothing was matched.
newest as (
    select
        counted.*,
        row_number() over (
            partition by reconciliation, transaction_id
            order by case action when 'match' then 1 else 2 end, decided_at desc, decision_key desc
        ) as place
    from counted
),

-- A match stands when it is the latest for all of its transactions.
standing as (
    select
        newest.*,
        count(*) over (partition by reconciliation, decision_key, action) as sides_standing
    from newest
    where place = 1
)

select
    reconciliation,
    transaction_id,
    role,
    case
        when action = 'unmatch' then 'taken_apart'
        when sides_standing = member_count then 'matched'
        else 'overruled'
    end as verdict,
    member_count,
    decision_key,
    decided_by,
    decided_at,
    reason
from standing
