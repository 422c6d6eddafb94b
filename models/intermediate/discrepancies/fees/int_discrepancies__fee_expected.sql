-- The fee the contract asks, in whole numbers from end to end: minor units, and millionths of one for what is left over. Rounded once, then
-- held between minimum and maximum; what interchange and schemes took is passed on, and tax comes last.
with slices as (
    select * from {{ ref('int_discrepancies__fee_slices') }}
),

scheduled as (
    select * from {{ ref('int_discrepancies__fee_scheduled') }}
),

fee_schedules as (
    select * from {{ ref('fee_schedules') }}
),

parts as (
    select
        transaction_id,
        cast(sum({{ whole_quotient('slice_minor', '1000000') }} * rate_millionths + flat_minor) as bigint) as whole_minor,
        cast(sum(mod(slice_minor, 1000000) * rate_millionths) as bigint) as left_millionths
    from slices
    group by transaction_id
),

exact as (
    select
        transaction_id,
        whole_minor + {{ whole_quotient('left_millionths', '1000000') }} as whole_minor,
        mod(left_millionths, 1000000) as left_millionths
    from parts
),

rounded as (
    select
        scheduled.*,
        fee_schedules.pricing, fee_schedules.tier_by, fee_schedules.rounding, fee_schedules.minimum_minor, fee_schedules.maximum_minor,
        fee_schedules.tax_millionths, fee_schedules.is_returned, fee_schedules.collected, fee_schedules.tolerance_minor,
        fee_schedules.rate_millionths, fee_schedules.flat_minor,
        {{ rounded_to('exact.whole_minor', 'exact.left_millionths', 'fee_schedules.rounding_unit_minor', 'fee_schedules.rounding') }}
            as rounded_minor
    from exact
    inner join scheduled on exact.transaction_id = scheduled.transaction_id
    inner join fee_schedules on scheduled.schedule_id = fee_schedules.schedule_id
),

at_least as (
    select
        rounded.*,
        greatest(rounded_minor, coalesce(minimum_minor, 0)) as least_minor
    from rounded
),

bounded as (
    select
        at_least.*,
        least(least_minor, coalesce(maximum_minor, least_minor)) as own_minor
    from at_least
),

passed_on as (
    select
        bounded.*,
        case when pricing = 'interchange_plus' then own_minor + interchange_minor + coalesce(scheme_fee_minor, 0) else own_minor end
            as untaxed_minor
    from bounded
),

taxed as (
    select
        passed_on.*,
        {{ whole_quotient('untaxed_minor', '1000000') }} * tax_millionths
        + {{ whole_quotient('mod(untaxed_minor, 1000000) * tax_millionths', '1000000') }} as tax_whole_minor,
        mod(mod(untaxed_minor, 1000000) * tax_millionths, 1000000) as tax_left_millionths
    from passed_on
)

select
    taxed.*,
    case when is_returned then -1 else 1 end
    * (untaxed_minor + {{ rounded_to('tax_whole_minor', 'tax_left_millionths', '1', 'rounding') }}) as expected_minor
from taxed
