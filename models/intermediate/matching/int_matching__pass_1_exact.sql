with undecided as (
    select * from {{ ref('int_matching__undecided') }}
),

{{ key_candidates('undecided', pass=1, step=1) }},

{{ ruled_keys() }}

select
    {{ pair_columns() }}
from ruled_keys
where is_settled
