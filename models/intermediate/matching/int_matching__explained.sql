with pairs as (
    select * from {{ ref('int_matching__pairs') }}
),

group_sums as (
    select * from {{ ref('int_matching__group_sums') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

matches as (
    select
        {{ key_hash('mat', ['reconciliation', 'left_transaction_id', 'right_transaction_id']) }} as match_id,
        cast(null as {{ dbt.type_string() }}) as group_key,
        {{ pair_columns() }},
        greatest(left_date, right_date) as matched_on,
        1 as left_count,
        1 as right_count
    from pairs
    union all
    select
        match_id, group_key,
        reconciliation, pass, rule_id, rule_version, tenant_id, processor, currency,
        cast(null as {{ dbt.type_string() }}) as left_transaction_id, cast(null as {{ dbt.type_string() }}) as right_transaction_id,
        left_amount_minor, right_amount_minor, left_date, right_date, key_text, basis, confidence,
        matched_on, left_count, right_count
    from group_sums
),

measured as (
    select
        matches.*,
        right_amount_minor - left_amount_minor as difference_minor,
        {{ days_between('left_date', 'right_date') }} as days_apart
    from matches
)

select
    measured.*,
    case when measured.confidence >= rules.confirms_from then 'matched' else 'proposed' end as status,
    currencies.exponent
from measured
inner join rules on measured.rule_id = rules.rule_id and measured.rule_version = rules.rule_version
inner join currencies on measured.currency = currencies.currency
