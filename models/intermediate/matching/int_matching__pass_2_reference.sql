with keys as (
    select * from {{ ref('int_matching__keys') }} where pass = 2 and exclusion is null
),

pass_1 as (
    select * from {{ ref('int_matching__pass_1_exact') }}
),

-- What pass 1 matched is settled; what has rivals under an exact key waits for a person, not for a weaker key.
candidates as (
    select keys.*
    from keys
    left join pass_1
        on keys.reconciliation = pass_1.reconciliation and keys.transaction_id = pass_1.transaction_id
    where pass_1.transaction_id is null
),

{{ paired_on_key() }}

select * from decided
