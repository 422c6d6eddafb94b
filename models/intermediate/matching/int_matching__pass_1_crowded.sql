-- Keys that settle nothing by themselves: of those that do, all rows are gone.
with undecided as (
    select * from {{ ref('int_matching__after_exact') }} where exclusion is null and is_taken_apart is not true
),

{{ key_candidates('undecided', pass=1, step=1) }},

{{ ruled_keys() }},

{{ paired_on_key() }}

select * from decided
