with explained as (
    select * from {{ ref('int_matching__explained') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

named as (
    select
        explained.*,
        rules.name as rule_name,
        rules.left_key
    from explained
    inner join rules on explained.rule_id = rules.rule_id and explained.rule_version = rules.rule_version
)

select
    -- keys
    cast(match_id as {{ dbt.type_string() }}) as match_id,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(reconciliation as {{ dbt.type_string() }}) as reconciliation,
    cast(nullif(processor, '') as {{ dbt.type_string() }}) as processor,
    cast(pass as integer) as pass,
    cast(rule_id as {{ dbt.type_string() }}) as rule_id,
    cast(rule_version as integer) as rule_version,
    cast(
        case when left_count = 1 then 'one' else 'many' end || '_to_' || case when right_count = 1 then 'one' else 'many' end
        as {{ dbt.type_string() }}
    ) as match_type,

    -- money
    cast(currency as {{ dbt.type_string() }}) as currency,
    cast(left_amount_minor as bigint) as left_amount_minor,
    {{ major_units('left_amount_minor', 'exponent') }} as left_amount,
    cast(right_amount_minor as bigint) as right_amount_minor,
    {{ major_units('right_amount_minor', 'exponent') }} as right_amount,
    cast(difference_minor as bigint) as difference_minor,
    {{ major_units('difference_minor', 'exponent') }} as difference,
    cast(left_count as integer) as left_count,
    cast(right_count as integer) as right_count,

    -- time
    cast(matched_on as date) as matched_on,
    cast(days_apart as integer) as days_apart,

    -- state
    cast(confidence as integer) as confidence,
    cast(status as {{ dbt.type_string() }}) as status,
    cast(key_text as {{ dbt.type_string() }}) as matched_key,
    cast(
        'Rule ' || rule_id || ' version ' || cast(rule_version as {{ dbt.type_string() }})
        || ', pass ' || cast(pass as {{ dbt.type_string() }}) || ' (' || rule_name || '): '
        || coalesce(left_key || ' ' || key_text || case when pass = 3 then '; ' else ' on both sides; ' end, '')
        || basis
        || '; left ' || {{ amount_text('left_amount_minor', 'exponent', 'currency') }}
        || ', right ' || {{ amount_text('right_amount_minor', 'exponent', 'currency') }}
        || ', difference ' || {{ amount_text('difference_minor', 'exponent', 'currency') }}
        || '; days apart: ' || cast(days_apart as {{ dbt.type_string() }}) || '.'
        as {{ dbt.type_string() }}
    ) as explanation
from named
