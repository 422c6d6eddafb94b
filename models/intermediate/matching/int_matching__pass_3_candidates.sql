with near as (
    select * from {{ ref('int_matching__fuzzy_near') }}
),

{{ scored_pairs('near', could_be=true) }}

select {{ scored_columns() }} from scored
