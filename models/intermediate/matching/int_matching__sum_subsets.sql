-- The sums of every choice within each half of a target's parts: at most 2^13 a half. Of rows that nothing tells apart the older is taken
-- first, so twenty sales of one price give twenty-one sums and not a million: where twins lie in both halves, a choice of the second that
-- takes the first of them needs the last of the first half.
with recursive parts as (
    select * from {{ ref('int_matching__sum_items') }}
),

halves as (
    select
        parts.reconciliation,
        parts.target_id,
        parts.target_minor,
        numbers.number as half,
        coalesce(max(case when parts.half = numbers.number then parts.place_in_half end), 0) as last_place
    from parts
    inner join ({{ numbers_from(1, 2) }}) as numbers on numbers.number > 0
    group by parts.reconciliation, parts.target_id, parts.target_minor, numbers.number
),

subsets as (
    select
        reconciliation,
        target_id,
        target_minor,
        half,
        last_place,
        0 as place,
        cast(1 as bigint) as place_value,
        cast(0 as bigint) as chosen,
        cast(0 as bigint) as sum_minor,
        0 as part_count,
        0 as took_last,
        0 as needs_first_half
    from halves
    union all
    select
        subsets.reconciliation,
        subsets.target_id,
        subsets.target_minor,
        subsets.half,
        subsets.last_place,
        subsets.place + 1 as place,
        subsets.place_value * 2 as place_value,
        subsets.chosen + choices.number * subsets.place_value as chosen,
        cast(subsets.sum_minor + choices.number * parts.part_minor as bigint) as sum_minor,
        subsets.part_count + choices.number as part_count,
        choices.number as took_last,
        case
            when subsets.half = 2 and subsets.place = 0 and parts.is_repeated then choices.number else subsets.needs_first_half
        end as needs_first_half
    from subsets
    inner join parts
        on
            subsets.reconciliation = parts.reconciliation
            and subsets.target_id = parts.target_id
            and subsets.half = parts.half
            and subsets.place + 1 = parts.place_in_half
    inner join ({{ numbers_from(0, 1) }}) as choices
        on
            subsets.sum_minor + choices.number * parts.part_minor <= subsets.target_minor
            and (choices.number = 0 or subsets.took_last = 1 or not parts.is_repeated or subsets.place = 0)
)

select
    reconciliation,
    target_id,
    target_minor,
    half,
    chosen,
    sum_minor,
    part_count,
    case half when 1 then took_last else needs_first_half end as edge
from subsets
where place = last_place
