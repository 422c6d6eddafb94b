-- Everything a reconciliation compares that pass 0 and pass 1 did not match: the later passes read nothing else.
with after_exact as (
    select * from {{ ref('int_matching__after_exact') }}
),

crowded as (
    select * from {{ ref('int_matching__pass_1_crowded') }}
)

select
    after_exact.*,
    -- a weaker key does not answer where an exact one left a question, nor where a person took a match apart
    crowded.transaction_id is not null as has_rivals
from after_exact
left join crowded
    on after_exact.reconciliation = crowded.reconciliation and after_exact.transaction_id = crowded.transaction_id
where crowded.pair_key is null
