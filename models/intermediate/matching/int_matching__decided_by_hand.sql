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

-- Of several decisions on one transaction the latest match counts; taking apart counts when nothing was matched.
newest as (
    select
        sides.*,
        row_number() over (
            partition by reconciliation, transaction_id
            order by case action when 'match' then 1 else 2 end, decided_at desc, decision_key desc
        ) as place
    from sides
),

-- A match stands when it is the latest for both of its transactions.
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
        when sides_standing = 2 then 'matched'
        else 'overruled'
    end as verdict,
    decision_key,
    decided_by,
    decided_at,
    reason
from standing
