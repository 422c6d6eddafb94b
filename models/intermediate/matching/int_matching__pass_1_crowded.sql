with undecided as (
    select * from {{ ref('int_matching__undecided') }}
),

{{ key_candidates('undecided', pass=1, step=1) }},

{{ ruled_keys() }},

{{ paired_on_key() }}

select * from decided
