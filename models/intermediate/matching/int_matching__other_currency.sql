-- One id at both parties, in two currencies: not a match, and not two missing transactions either.
with standing as (
    select * from {{ ref('int_matching__standing') }} where standing = 'open'
),

keys as (
    select * from {{ ref('int_matching__exact_keys') }}
),

duplicates as (
    select * from {{ ref('int_matching__duplicates') }}
),

conflict_counterparts as (
    select * from {{ ref('int_matching__conflict_counterparts') }}
),

named as (
    select
        keys.*,
        row_number() over (
            partition by keys.id_key, keys.role order by keys.business_date, keys.occurred_at, keys.transaction_id
        ) as place
    from keys
    inner join standing
        on keys.reconciliation = standing.reconciliation and keys.transaction_id = standing.transaction_id
    left join duplicates
        on keys.reconciliation = duplicates.reconciliation and keys.transaction_id = duplicates.transaction_id
    left join conflict_counterparts
        on
            keys.reconciliation = conflict_counterparts.reconciliation
            and keys.transaction_id = conflict_counterparts.transaction_id
    where duplicates.transaction_id is null and conflict_counterparts.transaction_id is null
)

select
    named.reconciliation,
    named.transaction_id,
    named.role,
    others.transaction_id as other_transaction_id
from named
inner join named as others
    on
        named.id_key = others.id_key
        and named.role != others.role
        and named.place = others.place
        and named.currency != others.currency
