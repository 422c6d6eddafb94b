-- Rows that may be near each other share a bucket, so near pairs are found by equality. A right row lies in one bucket of each magnitude
-- it could be compared in; a left row in all its tolerance and window reach.
with fuzzy_rows as (
    select * from {{ ref('int_matching__fuzzy_rows') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }} where pass = 3
),

reaches as (
    select
        fuzzy_rows.*,
        abs(fuzzy_rows.compared_minor) as size_minor,
        rules.days_before,
        rules.days_after,
        rules.days_before + rules.days_after + 1 as day_width,
        rules.amount_tolerance_minor,
        rules.amount_tolerance_bps,
        {{ tolerance_reach('abs(fuzzy_rows.compared_minor)', 'rules') }} as reach_minor
    from fuzzy_rows
    inner join rules on fuzzy_rows.rule_id = rules.rule_id
),

-- The number of digits; small amounts count as ten tolerances, so that within reach the number changes by one at most.
magnitudes as (
    select
        reaches.*,
        {{ magnitude('size_minor') }} as own_magnitude,
        {{ magnitude('size_minor - reach_minor') }} as low_magnitude,
        {{ magnitude('size_minor + reach_minor') }} as high_magnitude
    from reaches
),

placed as (
    select
        magnitudes.*,
        magnitudes.own_magnitude + offsets.number as magnitude
    from magnitudes
    inner join ({{ numbers_from(-1, 1) }}) as offsets
        on
            (magnitudes.left_one = 1 and offsets.number = 0)
            or (
                magnitudes.left_one = 0
                and magnitudes.own_magnitude + offsets.number between magnitudes.low_magnitude and magnitudes.high_magnitude
            )
),

-- As wide as the reach of the largest amount of the magnitude.
widths as (
    select
        placed.*,
        greatest(1, {{ tolerance_reach('cast(' ~ power_of_ten('magnitude') ~ ' as bigint)', 'placed') }}) as amount_width
    from placed
),

starts as (
    select
        widths.*,
        case when left_one = 1 then size_minor - least(reach_minor, size_minor) else size_minor end as from_minor,
        case when left_one = 1 then size_minor + reach_minor else size_minor end as to_minor,
        case when left_one = 1 then day_number - days_before else day_number end as from_day,
        case when left_one = 1 then day_number + days_after else day_number end as to_day
    from widths
)

select
    starts.reconciliation,
    starts.tenant_id,
    starts.processor,
    starts.event_class,
    starts.direction,
    starts.currency,
    starts.rule_id,
    starts.transaction_id,
    starts.left_one,
    starts.magnitude,
    starts.from_minor - mod(starts.from_minor, starts.amount_width) + amount_steps.number * starts.amount_width as amount_bucket,
    starts.from_day - mod(starts.from_day, starts.day_width) + day_steps.number * starts.day_width as day_bucket
from starts
inner join ({{ numbers_from(0, 3) }}) as amount_steps
    on starts.from_minor - mod(starts.from_minor, starts.amount_width) + amount_steps.number * starts.amount_width <= starts.to_minor
inner join ({{ numbers_from(0, 1) }}) as day_steps
    on starts.from_day - mod(starts.from_day, starts.day_width) + day_steps.number * starts.day_width <= starts.to_day
