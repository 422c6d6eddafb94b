-- All that carries one key on both sides, when the sums agree: the whole group or nothing. A conflicting row under the key bars it:
-- nobody knows whether the group is complete.
with open_rows as (
    select * from {{ ref('int_matching__pass_4_open') }} where coalesce(exclusion, 'key_conflict') = 'key_conflict'
),

{{ key_candidates('open_rows', pass=4, step=1) }},

rules as (
    select * from {{ ref('int_matching__rules') }}
),

classed as (
    select
        candidates.*,
        rules.rule_version,
        rules.confidence,
        rules.days_before,
        rules.days_after,
        rules.amount_tolerance_minor,
        rules.amount_tolerance_bps,
        rules.tolerance_base,
        case
            when rules.mixes_classes then candidates.group_class
            else candidates.event_class || ' ' || cast(candidates.direction as {{ dbt.type_string() }})
        end as together
    from candidates
    inner join rules on candidates.rule_id = rules.rule_id
),

named as (
    select
        classed.*,
        {{ key_hash('sum', [
            'rule_id', 'tenant_id', 'processor', 'currency', 'together', 'key_value', 'second_key_value'
        ]) }} as group_key
    from classed
),

sums as (
    select
        group_key,
        min(rule_id) as rule_id,
        sum(left_one) as left_count,
        sum(1 - left_one) as right_count,
        sum(case when exclusion is null then 0 else 1 end) as barred_count,
        cast(sum(left_one * compared_minor) as bigint) as left_minor,
        cast(sum((1 - left_one) * compared_minor) as bigint) as right_minor,
        min(case when left_one = 1 then day_number end) as first_left_day,
        max(case when left_one = 1 then day_number end) as last_left_day,
        min(case when left_one = 0 then day_number end) as first_right_day,
        max(case when left_one = 0 then day_number end) as last_right_day
    from named
    group by group_key
),

agreeing as (
    select sums.group_key
    from sums
    inner join rules on sums.rule_id = rules.rule_id
    where
        sums.left_count > 0
        and sums.right_count > 0
        and sums.left_count + sums.right_count > 2
        and sums.barred_count = 0
        and {{ within_tolerance('rules', 'sums.left_minor', 'sums.right_minor') }}
        and {{ within_window('rules', 'sums.last_left_day', 'sums.first_right_day') }}
        and {{ within_window('rules', 'sums.first_left_day', 'sums.last_right_day') }}
)

select
    {{ grouped_columns('named') }},
    named.group_key,
    named.key_text,
    'the sums under the key agree' as basis
from named
inner join agreeing on named.group_key = agreeing.group_key
