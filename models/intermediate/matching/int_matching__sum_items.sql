-- The rows of the other side that may be parts of a target, numbered; two halves of at most thirteen. Rows of one amount, day and
-- reference stand together. Under a key they are twins and the older is taken first; without one they are rivals.
with targets as (
    select * from {{ ref('int_matching__sum_targets') }} where is_searched
),

sum_rows as (
    select * from {{ ref('int_matching__sum_rows') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

parts as (
    select
        targets.reconciliation,
        targets.transaction_id as target_id,
        targets.left_one as target_left_one,
        abs(targets.compared_minor) as target_minor,
        sum_rows.transaction_id as part_id,
        abs(sum_rows.compared_minor) as part_minor,
        sum_rows.business_date,
        rules.left_key is not null as takes_older,
        row_number() over (
            partition by
                targets.reconciliation, targets.transaction_id, sum_rows.compared_minor, sum_rows.business_date, sum_rows.reference_form
            order by sum_rows.occurred_at nulls last, sum_rows.transaction_id
        ) as twin_place,
        row_number() over (
            partition by targets.reconciliation, targets.transaction_id
            order by
                sum_rows.compared_minor, sum_rows.business_date, sum_rows.reference_form,
                sum_rows.occurred_at nulls last, sum_rows.transaction_id
        ) as place
    from targets
    inner join sum_rows on targets.block_key = sum_rows.block_key and targets.left_one != sum_rows.left_one
    inner join rules on targets.rule_id = rules.rule_id
    where
        abs(sum_rows.compared_minor) <= abs(targets.compared_minor)
        and (
            (targets.left_one = 1 and {{ within_window('rules', 'targets.day_number', 'sum_rows.day_number') }})
            or (targets.left_one = 0 and {{ within_window('rules', 'sum_rows.day_number', 'targets.day_number') }})
        )
)

select
    parts.*,
    twin_place > 1 as is_repeated,
    case when place <= 13 then 1 else 2 end as half,
    case when place <= 13 then place else place - 13 end as place_in_half
from parts
