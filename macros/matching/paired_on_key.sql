{# The steps of a pass on keys that are not settled at once, from `candidates` and `ruled_keys` to `decided`: one row per transaction that found
   its counterpart (pair_key) or has rivals and stays open (pair_key is null). Under one key, within one stretch of days without a gap wider than
   the rule's window: equal amounts pair first, those of one day before those of several, oldest first. What is then left pairs only when it is
   one on each side and the rule's tolerance allows the difference. A failed row steps back where a live one of its side has the same key. #}
{% macro paired_on_key() -%}
crowded as (
    select
        candidates.*,
        -- with the rule: one word may stand in a reference here and in an order's number there
        {{ key_hash('grp', ['candidates.rule_id'] + (key_identity('candidates').split(',') | map('trim') | list)) }} as group_key,
        rules.rule_version,
        rules.confidence,
        rules.amount_tolerance_minor,
        rules.amount_tolerance_bps,
        rules.tolerance_base,
        rules.days_before,
        rules.days_after,
        case
            when rules.days_before is not null and rules.days_after is not null then greatest(rules.days_before, rules.days_after)
        end as widest_days
    from candidates
    inner join ruled_keys
        on
            candidates.key_value = ruled_keys.key_value
            and candidates.second_key_value = ruled_keys.second_key_value
            and candidates.reconciliation = ruled_keys.reconciliation
            and candidates.tenant_id = ruled_keys.tenant_id
            and candidates.processor = ruled_keys.processor
            and candidates.event_class = ruled_keys.event_class
            and candidates.direction = ruled_keys.direction
            and candidates.currency = ruled_keys.currency
    inner join {{ ref('int_matching__rules') }} as rules on candidates.rule_id = rules.rule_id
    where not ruled_keys.is_settled
),

with_life as (
    select
        crowded.*,
        min(dead_rank) over (partition by group_key, role) as best_dead_rank
    from crowded
),

live as (
    select
        with_life.*,
        lag(day_number) over (partition by group_key order by day_number, business_date, transaction_id) as previous_day
    from with_life
    where dead_rank = best_dead_rank
),

stretches as (
    select
        live.*,
        sum(case when day_number - previous_day > widest_days then 1 else 0 end) over (
            partition by group_key
            order by day_number, business_date, transaction_id
            rows unbounded preceding
        ) as stretch
    from live
),

days as (
    select
        stretches.*,
        row_number() over (
            partition by group_key, compared_minor, business_date, role order by occurred_at, transaction_id
        ) as place_in_day,
        sum(left_one) over (partition by group_key, compared_minor, business_date) as left_in_day,
        sum(1 - left_one) over (partition by group_key, compared_minor, business_date) as right_in_day
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
            partition by group_key, stretch, compared_minor, same_day, role
            order by business_date, occurred_at, transaction_id
        ) as place,
        sum(left_one) over (partition by group_key, stretch, compared_minor, same_day) as left_twins,
        sum(1 - left_one) over (partition by group_key, stretch, compared_minor, same_day) as right_twins,
        sum(left_one) over (partition by group_key, stretch, compared_minor) as left_equal,
        sum(1 - left_one) over (partition by group_key, stretch, compared_minor) as right_equal
    from twins
),

slots as (
    select
        places.*,
        case
            when place <= least(left_twins, right_twins)
                then
                    group_key || ':' || cast(stretch as {{ dbt.type_string() }})
                    || ':' || cast(compared_minor as {{ dbt.type_string() }})
                    || ':' || cast(same_day as {{ dbt.type_string() }}) || ':' || cast(place as {{ dbt.type_string() }})
        end as equal_slot
    from places
),

spans as (
    select
        slots.*,
        min(case when left_one = 1 then day_number end) over (partition by equal_slot) as slot_left_day,
        min(case when left_one = 0 then day_number end) over (partition by equal_slot) as slot_right_day,
        min(case when left_one = 1 then own_account end) over (partition by equal_slot) as slot_left_account,
        min(case when left_one = 0 then own_account end) over (partition by equal_slot) as slot_right_account
    from slots
),

equals as (
    select
        spans.*,
        case
            when
                equal_slot is not null
                and {{ within_window('spans', 'slot_left_day', 'slot_right_day') }}
                and {{ of_two_accounts('slot_left_account', 'slot_right_account') }}
                then equal_slot
        end as equal_key
    from spans
),

leftovers as (
    select
        equals.*,
        sum(left_one) over (partition by group_key, stretch, equal_key) as left_over,
        sum(1 - left_one) over (partition by group_key, stretch, equal_key) as right_over,
        cast(sum(left_one * compared_minor) over (partition by group_key, stretch, equal_key) as bigint) as over_left_minor,
        cast(sum((1 - left_one) * compared_minor) over (partition by group_key, stretch, equal_key) as bigint) as over_right_minor,
        min(case when left_one = 1 then day_number end) over (partition by group_key, stretch, equal_key) as over_left_day,
        min(case when left_one = 0 then day_number end) over (partition by group_key, stretch, equal_key) as over_right_day,
        min(case when left_one = 1 then own_account end) over (partition by group_key, stretch, equal_key) as over_left_account,
        min(case when left_one = 0 then own_account end) over (partition by group_key, stretch, equal_key) as over_right_account
    from equals
),

decided as (
    select
        reconciliation,
        pass,
        rule_id,
        rule_version,
        confidence,
        tenant_id,
        processor,
        currency,
        transaction_id,
        role,
        compared_minor as amount_minor,
        business_date,
        group_key,
        stretch,
        key_text,
        case
            when equal_key is not null then equal_key
            when
                left_over = 1 and right_over = 1
                and {{ within_tolerance('leftovers', 'over_left_minor', 'over_right_minor') }}
                and {{ within_window('leftovers', 'over_left_day', 'over_right_day') }}
                and {{ of_two_accounts('over_left_account', 'over_right_account') }}
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
