with matched as (
    select * from {{ ref('int_matching__matched') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

groups as (
    select
        match_id,
        reconciliation,
        pass,
        rule_id,
        min(tenant_id) as tenant_id,
        min(processor) as processor,
        min(currency) as currency,
        min(key_text) as key_text,
        min(basis) as basis,
        sum(left_one) as left_count,
        sum(1 - left_one) as right_count,
        sum(left_one * amount_minor) as left_amount_minor,
        sum((1 - left_one) * amount_minor) as right_amount_minor,
        min(case when left_one = 1 then business_date end) as left_date,
        max(case when left_one = 0 then business_date end) as right_date,
        max(business_date) as matched_on
    from matched
    group by match_id, reconciliation, pass, rule_id
)

select
    groups.*,
    rules.rule_version,
    rules.confidence,
    groups.right_amount_minor - groups.left_amount_minor as difference_minor,
    {{ days_between('groups.left_date', 'groups.right_date') }} as days_apart,
    currencies.exponent,
    'Rule ' || groups.rule_id || ' version ' || cast(rules.rule_version as {{ dbt.type_string() }})
    || ', pass ' || cast(groups.pass as {{ dbt.type_string() }}) || ' (' || rules.name || '): '
    || coalesce(rules.left_key || ' ' || groups.key_text || ' on both sides; ', '')
    || groups.basis || '; left ' || {{ amount_text('groups.left_amount_minor', 'currencies.exponent', 'groups.currency') }}
    || ', right ' || {{ amount_text('groups.right_amount_minor', 'currencies.exponent', 'groups.currency') }}
    || ', difference '
    || {{ amount_text('(groups.right_amount_minor - groups.left_amount_minor)', 'currencies.exponent', 'groups.currency') }}
    || '; days apart: '
    || cast({{ days_between('groups.left_date', 'groups.right_date') }} as {{ dbt.type_string() }})
    || '.' as explanation
from groups
inner join rules on groups.rule_id = rules.rule_id
inner join currencies on groups.currency = currencies.currency
