-- Why each candidate is not the counterpart: one sentence a gate, null where it passes.
with looked_up as (
    select * from {{ ref('int_matching__evidence_looked_up') }}
)

select
    looked_up.*,
    case when excluded_one = 1 then 'excluded: ' || replace(exclusion, '_', ' ') end as excluded_text,
    case when type_one = 1 then 'type differs: ' || own_event_class || ' against ' || other_event_class end as type_text,
    case
        when direction_one = 1
            then
                'direction differs: ' || {{ direction_text('own_direction') }} || ' against ' || {{ direction_text('other_direction') }}
    end as direction_text,
    case when processor_one = 1 then 'processor differs: ' || own_processor || ' against ' || other_processor end as processor_text,
    case when currency_one = 1 then 'currency differs: ' || currency || ' against ' || candidate_currency end as currency_text,
    case
        when status_one = 1 and other_dead_rank = 1 then 'status ' || other_status || ' not taken by this rule'
        when status_one = 1 then 'its own status ' || own_status || ' not taken by this rule'
    end as status_text,
    case
        when key_one = 1
            then
                case left_one when 1 then right_key else left_key end
                || coalesce(' differs: ' || own_key || ' against ' || other_key, ' is said by one side only')
    end as key_text,
    case
        when second_key_one = 1
            then
                case left_one when 1 then right_second_key else left_second_key end
                || coalesce(' differs: ' || own_second_key || ' against ' || other_second_key, ' is said by one side only')
    end as second_key_text,
    case
        when amount_one = 1
            then
                'amount differs by ' || {{ amount_text('abs(right_minor - left_minor)', 'exponent', 'currency') }}
                || ', tolerance ' || {{ amount_text('tolerance_minor', 'exponent', 'currency') }}
    end as amount_text,
    case
        when days_one = 1 then cast(days_apart as {{ dbt.type_string() }}) || ' days apart, window ' || window_text
    end as days_text,
    case
        when pass = 3 and score is null and failed_count = 0 and likeness < similarity_min
            then
                'references alike ' || cast(likeness as {{ dbt.type_string() }}) || ' of 100, '
                || cast(similarity_min as {{ dbt.type_string() }}) || ' asked'
        when pass = 3 and score is null and failed_count = 0
            then 'not scored: too many of this amount and these days, or no trait in common among them'
    end as likeness_text,
    case
        when score_one = 1
            then
                'score ' || cast(score as {{ dbt.type_string() }}) || ' below ' || cast(proposes_from as {{ dbt.type_string() }})
                || ': not even proposed'
    end as score_text,
    case
        when margin_one = 1
            then
                'margin ' || cast(margin as {{ dbt.type_string() }}) || ' below ' || cast(margin_min as {{ dbt.type_string() }})
                || coalesce(': tied with ' || tied_native_id, '')
    end as margin_text,
    case
        when taken_one = 1
            then
                'already matched with ' || taken_native_id || ' by rule ' || taken_rule_id
                || ' pass ' || cast(taken_pass as {{ dbt.type_string() }}) || ' (' || taken_match_id || ')'
    end as taken_text,
    case when hand_one = 1 then 'a person decided on one of the two: no rule asks' end as hand_text,
    case
        when question_one = 1
            then
                'not asked by this rule: ' || coalesce(
                    case when own_question_order < 100 * pass + step then own_question_rule_id end, other_question_rule_id
                ) || ' left one of the two with rivals'
    end as question_text,
    case when group_one = 1 and failed_count = 1 then 'only within a group, and its sums do not agree' end as group_text
from looked_up
