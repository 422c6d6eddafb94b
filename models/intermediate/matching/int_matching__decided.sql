with pass_0 as (
    select * from {{ ref('int_matching__pass_0_by_hand') }}
),

pass_1 as (
    select * from {{ ref('int_matching__pass_1_exact') }}
),

pass_2 as (
    select * from {{ ref('int_matching__pass_2_reference') }}
)

select reconciliation, pass, rule_id, transaction_id, role, group_key, stretch, key_text, pair_key, basis from pass_0
union all
select reconciliation, pass, rule_id, transaction_id, role, group_key, stretch, key_text, pair_key, basis from pass_1
union all
select reconciliation, pass, rule_id, transaction_id, role, group_key, stretch, key_text, pair_key, basis from pass_2
