{# The steps of a pass on a key, from the step `candidates` to the step `decided`: one row per transaction that found its counterpart
   (pair_key) or has rivals and stays open (pair_key is null). Under one key, within one stretch of days without a gap wider than the rule's
   window: equal amounts pair first, those of one day before those of several, oldest first. What is then left pairs only when it is one on each
   side and the rule's tolerance allows the difference. A failed row steps back where a live one of its side has the same key. #}
{% macro paired_on_key() -%}
with_life as (
    select
        candidates.*,
        min(dead_rank) over (partition by group_key, role) as best_dead_rank
    from candidates
),

live as (
    select
        with_life.*,
        lag(business_date) over (partition by group_key order by business_date, transaction_id) as previous_date
    from with_life
    where dead_rank = best_dead_rank
),

stretches as (
    select
        live.*,
        sum(case when {{ days_between('previous_date', 'business_date') }} > date_window_days then 1 else 0 end) over (
            partition by group_key
            order by business_date, transaction_id
            rows unbounded preceding
        ) as stretch
    from live
),

days as (
    select
        stretches.*,
        row_number() over (
            partition by group_key, amount_minor, business_date, role order by occurred_at, transaction_id
        ) as place_in_day,
        sum(left_one) over (partition by group_key, amount_minor, business_date) as left_in_day,
        sum(1 - left_one) over (partition by group_key, amount_minor, business_date) as right_in_day
    from stretches
),

twins as (
    select
        days.*,
        case when place_in_day <= least(left_in_day, right_in_day) then 1 else 0 end as same_day
    from days
),

places as (
    select
        twins.*,
        row_number() over (
            partition by group_key, stretch, amount_minor, same_day, role
            order by business_date, occurred_at, transaction_id
        ) as place,
        sum(left_one) over (partition by group_key, stretch, amount_minor, same_day) as left_twins,
        sum(1 - left_one) over (partition by group_key, stretch, amount_minor, same_day) as right_twins,
        sum(left_one) over (partition by group_key, stretch, amount_minor) as left_equal,
        sum(1 - left_one) over (partition by group_key, stretch, amount_minor) as right_equal
    from twins
),

slots as (
    select
        places.*,
        case
            when place <= least(left_twins, right_twins)
                then
                    group_key || ':' || cast(stretch as {{ dbt.type_string() }})
                    || ':' || cast(amount_minor as {{ dbt.type_string() }})
                    || ':' || cast(same_day as {{ dbt.type_string() }}) || ':' || cast(place as {{ dbt.type_string() }})
        end as equal_slot
    from places
),

spans as (
    select
        slots.*,
        case
            when equal_slot is not null
                then {{ days_between(
                    'min(business_date) over (partition by equal_slot)', 'max(business_date) over (partition by equal_slot)'
                ) }}
        end as slot_days
    from slots
),

equals as (
    select
        spans.*,
        case when slot_days <= coalesce(date_window_days, slot_days) then equal_slot end as equal_key
    from spans
),

leftovers as (
    select
        equals.*,
        sum(left_one) over (partition by group_key, stretch, equal_key) as left_over,
        sum(1 - left_one) over (partition by group_key, stretch, equal_key) as right_over,
        abs(sum((1 - 2 * left_one) * amount_minor) over (partition by group_key, stretch, equal_key)) as over_apart,
        {{ days_between(
            'min(business_date) over (partition by group_key, stretch, equal_key)',
            'max(business_date) over (partition by group_key, stretch, equal_key)'
        ) }} as over_days
    from equals
),

decided as (
    select
        reconciliation,
        pass,
        rule_id,
        transaction_id,
        role,
        group_key,
        stretch,
        key_text,
        case
            when equal_key is not null then equal_key
            when
                left_over = 1 and right_over = 1
                and over_apart <= coalesce(amount_tolerance_minor, over_apart)
                and over_days <= coalesce(date_window_days, over_days)
                then group_key || ':' || cast(stretch as {{ dbt.type_string() }}) || ':rest'
        end as pair_key,
        case
            when equal_key is null then 'the only pair left under the key'
            when left_equal = 1 and right_equal = 1 then 'equal amounts'
            else
                'equal amounts, twins ' || cast(left_equal as {{ dbt.type_string() }}) || ' to '
                || cast(right_equal as {{ dbt.type_string() }})
                || case when same_day = 1 then ', of the same day' else ', oldest first' end
        end as basis
    from leftovers
    where equal_key is not null or (left_over > 0 and right_over > 0)
)
{%- endmacro %}
