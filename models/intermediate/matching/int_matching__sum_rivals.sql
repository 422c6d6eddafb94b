-- Rows that several choices of parts add up to, or whose parts another needs, and those parts.
with solutions as (
    select * from {{ ref('int_matching__sum_solutions') }}
),

targets as (
    select * from {{ ref('int_matching__sum_targets') }}
),

unmatched as (
    select * from {{ ref('int_matching__unmatched') }}
),

named as (
    select
        solutions.reconciliation,
        targets.pass,
        targets.rule_id,
        solutions.target_id,
        solutions.part_id,
        targets.key_text
    from solutions
    inner join targets
        on solutions.reconciliation = targets.reconciliation and solutions.target_id = targets.transaction_id
),

left_open as (
    select named.*
    from named
    inner join unmatched as open_targets
        on named.reconciliation = open_targets.reconciliation and named.target_id = open_targets.transaction_id
    inner join unmatched as open_parts
        on named.reconciliation = open_parts.reconciliation and named.part_id = open_parts.transaction_id
)

select reconciliation, pass, rule_id, target_id as transaction_id, part_id as rival_transaction_id, key_text from left_open
union all
select reconciliation, pass, rule_id, part_id as transaction_id, target_id as rival_transaction_id, key_text from left_open
