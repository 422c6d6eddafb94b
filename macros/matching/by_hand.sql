{# The step `sides`: the rows of matches that a person made, with the rule of pass 0 that speaks for them. `members` is SQL for how many rows
   such a match has: two are a pair, more are a group. #}
{% macro rows_by_hand(members) -%}
decided_by_hand as (
    select * from {{ ref('int_matching__decided_by_hand') }} where verdict = 'matched' and member_count {{ members }}
),

items as (
    select * from {{ ref('int_matching__items') }}
),

rules as (
    select * from {{ ref('int_matching__party_rules') }} where pass = 0
),

sides as (
    select
        decided_by_hand.reconciliation,
        rules.pass,
        rules.rule_id,
        rules.rule_version,
        rules.confidence,
        items.tenant_id,
        items.processor,
        items.currency,
        items.transaction_id,
        decided_by_hand.role,
        items.amount_minor,
        items.business_date,
        decided_by_hand.decision_key as pair_key,
        cast(null as {{ dbt.type_string() }}) as key_text,
        'by ' || decided_by_hand.decided_by
        || ' on ' || cast(cast(decided_by_hand.decided_at as date) as {{ dbt.type_string() }})
        || ': ' || decided_by_hand.reason as basis
    from decided_by_hand
    inner join items
        on
            decided_by_hand.reconciliation = items.reconciliation
            and decided_by_hand.transaction_id = items.transaction_id
    inner join rules
        on
            items.reconciliation = rules.reconciliation
            and items.tenant_id = rules.for_tenant_id
            and items.processor = rules.for_processor
)
{%- endmacro %}
