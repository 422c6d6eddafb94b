-- The other side has the id, in rows that contradict each other: not missing, and not to be matched until one of them is withdrawn.
with keys as (
    select * from {{ ref('int_matching__exact_keys') }}
),

standing as (
    select * from {{ ref('int_matching__standing') }} where standing = 'open'
),

conflicts as (
    select
        id_key,
        role,
        count(*) as rivals,
        min(transaction_id) as first_transaction_id
    from keys
    where exclusion = 'key_conflict'
    group by id_key, role
)

select
    keys.reconciliation,
    keys.transaction_id,
    cast(conflicts.rivals as integer) as rivals,
    conflicts.first_transaction_id
from keys
inner join standing
    on keys.reconciliation = standing.reconciliation and keys.transaction_id = standing.transaction_id
inner join conflicts on keys.id_key = conflicts.id_key and keys.role != conflicts.role
