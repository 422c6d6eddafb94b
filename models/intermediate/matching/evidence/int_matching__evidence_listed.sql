-- Candidates of open items, what was tried with an item as a whole, and the rivals that matches beat: in the columns of evidence.
with candidates as (
    select * from {{ ref('int_matching__evidence_open') }}
),

tried as (
    select * from {{ ref('int_matching__evidence_tried') }}
),

beaten as (
    select * from {{ ref('int_matching__evidence_beaten') }}
)

select
    tenant_id, reconciliation, 'candidate' as verdict,
    taken_match_id as match_id,
    transaction_id, candidate_transaction_id, place, rule_id, rule_version, rule_name, pass,
    currency, candidate_currency,
    case left_one when 1 then exponent else candidate_exponent end as left_exponent,
    case left_one when 1 then candidate_exponent else exponent end as right_exponent,
    left_minor, right_minor,
    tolerance_minor, tolerance_base,
    days_apart, days_before, days_after, calendar,
    case left_one when 1 then left_key else right_key end as key_column,
    own_key as key_text,
    other_key as candidate_key_text,
    coalesce(similarity, likeness) as similarity, similarity_min,
    score,
    case when pass = 3 then proposes_from end as score_min,
    margin, margin_min,
    cast(null as integer) as confidence, confirms_from,
    case when left_key is not null and pass != 3 then key_one + second_key_one = 0 end as key_passed,
    case when tolerance_minor is not null and pass != 4 and currency_one = 0 then amount_one = 0 end as amount_passed,
    case when days_before is not null or days_after is not null then days_one = 0 end as days_passed,
    case
        when pass = 3 and failed_gate = 'likeness' then false
        when pass = 3 and score is not null then score_one = 0
    end as score_passed,
    case when pass = 3 and margin is not null and margin_min is not null then margin_one = 0 end as margin_passed,
    rival_one = 1 as is_rival,
    failed_gate,
    failed_count + case when failed_count = 0 and failed_gate is not null then 1 else 0 end as failed_count,
    why
from candidates
union all
select
    tenant_id, reconciliation, 'tried' as verdict,
    cast(null as {{ dbt.type_string() }}) as match_id,
    transaction_id,
    cast(null as {{ dbt.type_string() }}) as candidate_transaction_id,
    0 as place, rule_id, rule_version, rule_name, pass,
    currency, cast(null as {{ dbt.type_string() }}) as candidate_currency,
    exponent as left_exponent, exponent as right_exponent, left_minor, right_minor,
    tolerance_minor, tolerance_base,
    null as days_apart, null as days_before, null as days_after, cast(null as {{ dbt.type_string() }}) as calendar,
    cast(null as {{ dbt.type_string() }}) as key_column,
    cast(null as {{ dbt.type_string() }}) as key_text,
    cast(null as {{ dbt.type_string() }}) as candidate_key_text,
    null as similarity, null as similarity_min, null as score, null as score_min, null as margin, null as margin_min,
    null as confidence, null as confirms_from,
    null as key_passed, null as amount_passed, null as days_passed, null as score_passed, null as margin_passed,
    false as is_rival,
    failed_gate,
    1 as failed_count,
    why
from tried
union all
select
    tenant_id, reconciliation, 'beaten' as verdict,
    match_id,
    transaction_id, candidate_transaction_id, place, rule_id, rule_version, rule_name, pass,
    currency, currency as candidate_currency,
    exponent as left_exponent, exponent as right_exponent, null as left_minor, null as right_minor,
    null as tolerance_minor, cast(null as {{ dbt.type_string() }}) as tolerance_base,
    null as days_apart, null as days_before, null as days_after, cast(null as {{ dbt.type_string() }}) as calendar,
    cast(null as {{ dbt.type_string() }}) as key_column,
    cast(null as {{ dbt.type_string() }}) as key_text,
    cast(null as {{ dbt.type_string() }}) as candidate_key_text,
    null as similarity, null as similarity_min, null as score, null as score_min, null as margin, null as margin_min,
    null as confidence, null as confirms_from,
    null as key_passed, null as amount_passed, null as days_passed, null as score_passed, null as margin_passed,
    false as is_rival,
    'beaten' as failed_gate,
    1 as failed_count,
    why
from beaten
