with pairs as (
    select * from {{ ref('int_matching__pairs') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

measured as (
    select
        pairs.*,
        right_amount_minor - left_amount_minor as difference_minor,
        {{ days_between('left_date', 'right_date') }} as days_apart
    from pairs
)

select
    {{ key_hash('mat', [
        "least(measured.left_transaction_id, measured.right_transaction_id) || ','"
        " || greatest(measured.left_transaction_id, measured.right_transaction_id)"
    ]) }} as match_id,
    measured.*,
    1 as left_count,
    1 as right_count,
    greatest(measured.left_date, measured.right_date) as matched_on,
    case when measured.confidence >= rules.confirms_from then 'matched' else 'proposed' end as status,
    currencies.exponent,
    'Rule ' || measured.rule_id || ' version ' || cast(measured.rule_version as {{ dbt.type_string() }})
    || ', pass ' || cast(measured.pass as {{ dbt.type_string() }}) || ' (' || rules.name || '): '
    || coalesce(rules.left_key || ' ' || measured.key_text || ' on both sides; ', '')
    || measured.basis
    || '; left ' || {{ amount_text('measured.left_amount_minor', 'currencies.exponent', 'measured.currency') }}
    || ', right ' || {{ amount_text('measured.right_amount_minor', 'currencies.exponent', 'measured.currency') }}
    || ', difference ' || {{ amount_text('measured.difference_minor', 'currencies.exponent', 'measured.currency') }}
    || '; days apart: ' || cast(measured.days_apart as {{ dbt.type_string() }}) || '.' as explanation
from measured
inner join rules on measured.rule_id = rules.rule_id and measured.rule_version = rules.rule_version
inner join currencies on measured.currency = currencies.currency
