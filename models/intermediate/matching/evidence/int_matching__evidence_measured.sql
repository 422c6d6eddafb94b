-- Every pair in the numbers its rule compares: left and right whichever of the two was asked for.
with pairs as (
    select * from {{ ref('int_matching__evidence_pairs') }}
),

evidence_rows as (
    select * from {{ ref('int_matching__evidence_rows') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

days as (
    select * from {{ ref('int_matching__days') }}
),

valued as (
    select
        pairs.reconciliation, pairs.rule_id, pairs.transaction_id, pairs.candidate_transaction_id,
        subjects.left_one,
        {{ compared_by_rule('rules', 'subjects') }} as own_minor,
        {{ compared_by_rule('rules', 'candidates') }} as other_minor,
        own_days.day_number as own_day,
        other_days.day_number as other_day,
        {% for whose, rows, is_left in [('own', 'subjects', 1), ('other', 'candidates', 0)] %}
            {% for key in ['key', 'second_key'] %}
                case case subjects.left_one when {{ is_left }} then rules.left_{{ key }} else rules.right_{{ key }} end
                    {%- for column in key_columns() %}
                        when '{{ column }}' then {{ rows }}.{{ column }}
                    {%- endfor %}
                end as {{ whose }}_{{ key }},
            {% endfor %}
        {% endfor %}
        rules.key_form,
        rules.left_second_key is not null as has_second_key
    from pairs
    inner join evidence_rows as subjects
        on pairs.reconciliation = subjects.reconciliation and pairs.transaction_id = subjects.transaction_id
    inner join evidence_rows as candidates
        on pairs.reconciliation = candidates.reconciliation and pairs.candidate_transaction_id = candidates.transaction_id
    inner join rules on pairs.rule_id = rules.rule_id
    inner join days as own_days on subjects.business_date = own_days.business_date and rules.calendar = own_days.calendar
    inner join days as other_days on candidates.business_date = other_days.business_date and rules.calendar = other_days.calendar
),

formed as (
    select
        valued.*,
        {{ key_in_form('key_form', 'own_key') }} as own_key_value,
        {{ key_in_form('key_form', 'other_key') }} as other_key_value,
        {{ key_in_form('key_form', 'own_second_key') }} as own_second_key_value,
        {{ key_in_form('key_form', 'other_second_key') }} as other_second_key_value
    from valued
)

select
    formed.reconciliation,
    formed.rule_id,
    formed.transaction_id,
    formed.candidate_transaction_id,
    case left_one when 1 then own_minor else other_minor end as left_minor,
    case left_one when 1 then other_minor else own_minor end as right_minor,
    case left_one when 1 then own_day else other_day end as left_day,
    case left_one when 1 then other_day else own_day end as right_day,
    own_key,
    other_key,
    own_second_key,
    other_second_key,
    own_key_value,
    other_key_value,
    own_key_value = other_key_value as has_same_key,
    not has_second_key or own_second_key_value = other_second_key_value as has_same_second_key
from formed
