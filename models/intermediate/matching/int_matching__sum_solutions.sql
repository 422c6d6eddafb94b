-- Every choice of at least two parts that adds up to its target: the halves meet by equality on what is missing. Exhaustive, the same on
-- every machine, no clock.
with subsets as (
    select * from {{ ref('int_matching__sum_subsets') }}
),

parts as (
    select * from {{ ref('int_matching__sum_items') }}
),

met as (
    select
        firsts.reconciliation,
        firsts.target_id,
        firsts.chosen as first_chosen,
        seconds.chosen as second_chosen,
        firsts.target_minor - firsts.sum_minor as missing_minor
    from subsets as firsts
    inner join subsets as seconds
        on
            firsts.reconciliation = seconds.reconciliation
            and firsts.target_id = seconds.target_id
            and firsts.half = 1
            and seconds.half = 2
            and firsts.target_minor - firsts.sum_minor = seconds.sum_minor
    where firsts.part_count + seconds.part_count > 1
),

-- Rows that nothing tells apart may lie in both halves: only the choice that takes the older ones is a choice of its own.
spread as (
    select
        met.reconciliation,
        met.target_id,
        met.first_chosen,
        met.second_chosen,
        parts.part_id,
        parts.is_repeated,
        lag(parts.place) over (
            partition by met.reconciliation, met.target_id, met.first_chosen, met.second_chosen order by parts.place
        ) as previous_place,
        parts.place
    from met
    inner join parts
        on
            met.reconciliation = parts.reconciliation
            and met.target_id = parts.target_id
            and {{ bit_is_set("case parts.half when 1 then met.first_chosen else met.second_chosen end", 'parts.place_in_half') }}
),

choices as (
    select
        reconciliation,
        target_id,
        first_chosen,
        second_chosen,
        count(*) as part_count
    from spread
    group by reconciliation, target_id, first_chosen, second_chosen
    having sum(case when is_repeated and (previous_place is null or previous_place != place - 1) then 1 else 0 end) = 0
),

numbered as (
    select
        choices.*,
        count(*) over (partition by reconciliation, target_id) as solution_count,
        row_number() over (partition by reconciliation, target_id order by part_count, first_chosen, second_chosen) as solution_number
    from choices
)

select
    numbered.reconciliation,
    numbered.target_id,
    numbered.solution_number,
    numbered.solution_count,
    numbered.part_count,
    spread.part_id
from numbered
inner join spread
    on
        numbered.reconciliation = spread.reconciliation
        and numbered.target_id = spread.target_id
        and numbered.first_chosen = spread.first_chosen
        and numbered.second_chosen = spread.second_chosen
where numbered.solution_number <= 5
