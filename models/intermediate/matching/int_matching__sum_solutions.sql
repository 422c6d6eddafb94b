-- Every row that is part of a choice that adds up to its target, and whether there is one choice only: the halves meet on what is missing.
-- Exhaustive, no clock. Choices are counted by their sums and never written out. A single row of the amount is a choice too.
with subsets as (
    select * from {{ ref('int_matching__sum_subsets') }}
),

parts as (
    select * from {{ ref('int_matching__sum_items') }}
),

half_sums as (
    select
        reconciliation, target_id, target_minor, half, sum_minor, edge,
        count(*) as ways,
        max(part_count) as most_parts
    from subsets
    group by reconciliation, target_id, target_minor, half, sum_minor, edge
),

met as (
    select
        firsts.reconciliation, firsts.target_id,
        firsts.sum_minor as first_minor, firsts.edge as first_edge,
        seconds.sum_minor as second_minor, seconds.edge as second_edge,
        firsts.ways * seconds.ways as ways,
        firsts.most_parts + seconds.most_parts as most_parts
    from half_sums as firsts
    inner join half_sums as seconds
        on
            firsts.reconciliation = seconds.reconciliation
            and firsts.target_id = seconds.target_id
            and firsts.half = 1
            and seconds.half = 2
            and firsts.target_minor - firsts.sum_minor = seconds.sum_minor
            and firsts.edge >= seconds.edge
),

targets as (
    select reconciliation, target_id, cast(sum(ways) as bigint) as ways
    from met
    group by reconciliation, target_id
    having max(most_parts) > 1
),

used_sums as (
    select reconciliation, target_id, 1 as half, first_minor as sum_minor, first_edge as edge from met
    union
    select reconciliation, target_id, 2 as half, second_minor as sum_minor, second_edge as edge from met
),

used as (
    select parts.reconciliation, parts.target_id, parts.part_id
    from used_sums
    inner join subsets
        on
            used_sums.reconciliation = subsets.reconciliation
            and used_sums.target_id = subsets.target_id
            and used_sums.half = subsets.half
            and used_sums.sum_minor = subsets.sum_minor
            and used_sums.edge = subsets.edge
    inner join parts
        on
            subsets.reconciliation = parts.reconciliation
            and subsets.target_id = parts.target_id
            and subsets.half = parts.half
            and {{ bit_is_set('subsets.chosen', 'parts.place_in_half') }}
    group by parts.reconciliation, parts.target_id, parts.part_id
),

-- Without a key a row left out of the sum is as good as its equal that was taken.
judged as (
    select
        parts.reconciliation, parts.target_id, parts.part_id, parts.takes_older, targets.ways,
        used.part_id is not null as is_used,
        max(case when used.part_id is null then 0 else 1 end) over (
            partition by parts.reconciliation, parts.target_id, parts.part_minor, parts.business_date
        ) as uses_one,
        min(case when used.part_id is null then 0 else 1 end) over (
            partition by parts.reconciliation, parts.target_id, parts.part_minor, parts.business_date
        ) as uses_all
    from targets
    inner join parts on targets.reconciliation = parts.reconciliation and targets.target_id = parts.target_id
    left join used
        on parts.reconciliation = used.reconciliation and parts.target_id = used.target_id and parts.part_id = used.part_id
),

counted as (
    select
        judged.*,
        max(case when takes_older then 0 else uses_one - uses_all end) over (partition by reconciliation, target_id) as leaves_equals
    from judged
)

select
    reconciliation, target_id, part_id,
    ways = 1 and leaves_equals = 0 as is_only
from counted
where is_used or (uses_one = 1 and not takes_older)
