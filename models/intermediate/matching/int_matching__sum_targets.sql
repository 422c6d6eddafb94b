-- Rows whose amount some rows of the other side may add up to, with how many there are in the window. Counted by day first, so that a
-- block of a hundred thousand rows is not paired row by row to find out that it is too large to search.
with sum_rows as (
    select * from {{ ref('int_matching__sum_rows') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

days as (
    select block_key, left_one, day_number, rule_id, count(*) as row_count
    from sum_rows
    group by block_key, left_one, day_number, rule_id
),

reachable as (
    select
        own.block_key,
        own.left_one,
        own.day_number,
        cast(sum(others.row_count) as bigint) as candidate_count
    from days as own
    inner join days as others on own.block_key = others.block_key and own.left_one != others.left_one
    inner join rules on own.rule_id = rules.rule_id
    where
        (own.left_one = 1 and {{ within_window('rules', 'own.day_number', 'others.day_number') }})
        or (own.left_one = 0 and {{ within_window('rules', 'others.day_number', 'own.day_number') }})
    group by own.block_key, own.left_one, own.day_number
)

select
    sum_rows.*,
    reachable.candidate_count,
    rules.max_items,
    reachable.candidate_count <= rules.max_items as is_searched
from sum_rows
inner join reachable
    on
        sum_rows.block_key = reachable.block_key
        and sum_rows.left_one = reachable.left_one
        and sum_rows.day_number = reachable.day_number
inner join rules on sum_rows.rule_id = rules.rule_id
where reachable.candidate_count > 1
