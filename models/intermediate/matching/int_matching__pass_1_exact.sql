with candidates as (
    select * from {{ ref('int_matching__keys') }} where pass = 1 and exclusion is null
),

{{ paired_on_key() }}

select * from decided
