with pass_1_crowded as (
    select * from {{ ref('int_matching__pass_1_crowded') }} where pair_key is not null
),

pass_2_rows as (
    select * from {{ ref('int_matching__pass_2_step_1') }} where pair_key is not null
    union all
    select * from {{ ref('int_matching__pass_2_step_2') }} where pair_key is not null
    union all
    select * from {{ ref('int_matching__pass_2_step_3') }} where pair_key is not null
),

pass_1_pairs as (
    {{ crowded_pairs('pass_1_crowded') }}
),

pass_2_pairs as (
    {{ crowded_pairs('pass_2_rows') }}
)

select {{ pair_columns() }} from {{ ref('int_matching__pass_0_by_hand') }}
union all
select {{ pair_columns() }} from {{ ref('int_matching__pass_1_exact') }}
union all
select {{ pair_columns() }} from pass_1_pairs
union all
select {{ pair_columns() }} from pass_2_pairs
union all
select {{ pair_columns() }} from {{ ref('int_matching__pass_3_fuzzy') }}
