{# Rows of the rewards workbook as a break of one kind: which rows, and what is said of each. #}
{% macro reward_break(kind, condition, expected, found, at_risk, explanation, seen_on='business_date') -%}
with told as (
    select
        reward_transactions.*,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        reward_transaction_id as transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        'thrive_cash' as source,
        trans_id as native_id,
        cast(null as {{ dbt.type_string() }}) as processor,
        coalesce(order_id, trans_id) as reference
    from {{ ref('reward_transactions') }} as reward_transactions
    where {{ condition }}
)

select
    '{{ kind }}' as kind,
    {{ break_identity() }},
    {{ expected }} as expected_minor,
    {{ found }} as found_minor,
    {{ at_risk }} as amount_at_risk_minor,
    {{ seen_on }} as first_seen_on,
    {{ explanation }} as explanation
from told
{%- endmacro %}
