with together as (
    select {{ evidence_columns() }} from {{ ref('int_matching__evidence_of_matches') }}
    union all
    select {{ evidence_columns() }} from {{ ref('int_matching__evidence_listed') }}
)

select
    -- keys
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(verdict as {{ dbt.type_string() }}) as verdict,
    cast(match_id as {{ dbt.type_string() }}) as match_id,
    cast(transaction_id as {{ dbt.type_string() }}) as transaction_id,
    cast(candidate_transaction_id as {{ dbt.type_string() }}) as candidate_transaction_id,
    cast(place as integer) as place,
    cast(rule_id as {{ dbt.type_string() }}) as rule_id,
    cast(rule_version as integer) as rule_version,
    cast(rule_name as {{ dbt.type_string() }}) as rule_name,
    cast(pass as integer) as pass,

    -- key
    cast(key_column as {{ dbt.type_string() }}) as key_column,
    cast(key_text as {{ dbt.type_string() }}) as key_text,
    cast(candidate_key_text as {{ dbt.type_string() }}) as candidate_key_text,
    key_passed,

    -- money, as the rule compares it
    cast(currency as {{ dbt.type_string() }}) as currency,
    cast(candidate_currency as {{ dbt.type_string() }}) as candidate_currency,
    cast(left_minor as bigint) as left_amount_minor,
    {{ major_units('left_minor', 'left_exponent') }} as left_amount,
    cast(right_minor as bigint) as right_amount_minor,
    {{ major_units('right_minor', 'right_exponent') }} as right_amount,
    cast(case when coalesce(candidate_currency, currency) = currency then right_minor - left_minor end as bigint) as difference_minor,
    case
        when coalesce(candidate_currency, currency) = currency then {{ major_units('right_minor - left_minor', 'left_exponent') }}
    end as difference,
    cast(tolerance_minor as bigint) as tolerance_minor,
    {{ major_units('tolerance_minor', 'left_exponent') }} as tolerance,
    cast(tolerance_base as {{ dbt.type_string() }}) as tolerance_base,
    amount_passed,

    -- time, as its calendar counts
    cast(days_apart as integer) as days_apart,
    cast(days_before as integer) as days_before,
    cast(days_after as integer) as days_after,
    cast(calendar as {{ dbt.type_string() }}) as calendar,
    days_passed,

    -- likeness
    cast(similarity as integer) as similarity,
    cast(similarity_min as integer) as similarity_min,
    cast(score as integer) as score,
    cast(score_min as integer) as score_min,
    score_passed,
    cast(margin as integer) as margin,
    cast(margin_min as integer) as margin_min,
    margin_passed,
    cast(confidence as integer) as confidence,
    cast(confirms_from as integer) as confirms_from,

    -- state
    is_rival,
    cast(failed_gate as {{ dbt.type_string() }}) as failed_gate,
    cast(failed_count as integer) as failed_count,
    cast(why as {{ dbt.type_string() }}) as why
from together
