with open_rows as (
    select * from {{ ref('int_matching__after_pass_1') }} where exclusion is null and not has_rivals and not is_taken_apart
),

{{ key_candidates('open_rows', pass=2, step=1) }},

{{ ruled_keys() }},

{{ paired_on_key() }}

{{ settled_rows() }}
union all
select * from decided
