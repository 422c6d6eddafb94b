-- A view: twenty million matches explain themselves when they are asked.
with explained as (
    select * from {{ ref('int_matching__explained') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

days as (
    select * from {{ ref('int_matching__days') }}
),

near as (
    select * from {{ ref('int_matching__pass_3_fuzzy') }}
),

-- Of a group every left row lies within the window of every right row, when these two do and the two at its ends.
inner_dates as (
    select
        group_key,
        max(case role when 'left' then business_date end) as last_left_date,
        min(case role when 'right' then business_date end) as first_right_date
    from {{ ref('int_matching__grouped') }}
    group by group_key
),

measured as (
    select
        {% for column in [
            'match_id', 'tenant_id', 'reconciliation', 'rule_id', 'rule_version', 'pass', 'status', 'currency', 'exponent', 'key_text', 'basis',
            'left_amount_minor', 'right_amount_minor', 'confidence'
        ] %}
            explained.{{ column }},
        {% endfor %}
        rules.name as rule_name,
        rules.left_key as key_column,
        rules.amount_tolerance_minor, rules.amount_tolerance_bps, rules.tolerance_base,
        rules.days_before, rules.days_after, rules.calendar,
        rules.similarity_min, rules.proposes_from, rules.margin_min, rules.confirms_from,
        {{ tolerance_allowed('rules', 'explained.left_amount_minor', 'explained.right_amount_minor') }} as tolerance_minor,
        left_days.day_number as left_day,
        right_days.day_number as right_day,
        coalesce(last_left.day_number, left_days.day_number) as last_left_day,
        coalesce(first_right.day_number, right_days.day_number) as first_right_day,
        near.similarity,
        near.margin
    from explained
    inner join rules on explained.rule_id = rules.rule_id and explained.rule_version = rules.rule_version
    inner join days as left_days on explained.left_date = left_days.business_date and rules.calendar = left_days.calendar
    inner join days as right_days on explained.right_date = right_days.business_date and rules.calendar = right_days.calendar
    left join near
        on
            explained.reconciliation = near.reconciliation
            and explained.left_transaction_id = near.left_transaction_id
            and explained.pass = 3
    left join inner_dates on explained.group_key = inner_dates.group_key
    left join days as last_left on inner_dates.last_left_date = last_left.business_date and rules.calendar = last_left.calendar
    left join days as first_right on inner_dates.first_right_date = first_right.business_date and rules.calendar = first_right.calendar
)

select
    measured.*,
    status as verdict,
    cast(null as {{ dbt.type_string() }}) as transaction_id,
    cast(null as {{ dbt.type_string() }}) as candidate_transaction_id,
    0 as place,
    cast(null as {{ dbt.type_string() }}) as candidate_currency,
    exponent as left_exponent,
    exponent as right_exponent,
    left_amount_minor as left_minor,
    right_amount_minor as right_minor,
    right_day - left_day as days_apart,
    cast(null as {{ dbt.type_string() }}) as candidate_key_text,
    case when pass = 3 then confidence end as score,
    case when pass = 3 then proposes_from end as score_min,
    case when pass != 3 and key_column is not null then key_text is not null end as key_passed,
    case
        when amount_tolerance_minor is not null
            then {{ within_tolerance('measured', 'left_amount_minor', 'right_amount_minor') }}
    end as amount_passed,
    case
        when days_before is not null or days_after is not null
            then
                {{ within_window('measured', 'left_day', 'right_day') }}
                and {{ within_window('measured', 'last_left_day', 'first_right_day') }}
    end as days_passed,
    case when pass = 3 then confidence >= proposes_from and coalesce(similarity >= similarity_min, true) end as score_passed,
    case when pass = 3 and margin_min is not null then margin >= margin_min end as margin_passed,
    false as is_rival,
    cast(null as {{ dbt.type_string() }}) as failed_gate,
    0 as failed_count,
    basis as why
from measured
