-- Open items and all that may be a candidate of one: what no pass matched, what carries an asked key, what pass 3 scored.
with items as (
    select * from {{ ref('int_matching__items') }}
),

unmatched as (
    select * from {{ ref('int_matching__unmatched') }}
),

open_items as (
    select * from {{ ref('int_matching__open') }}
),

-- The key under which a row has rivals: the rules after that one do not ask for it.
questions as (
    select
        rival_groups.reconciliation,
        rival_groups.transaction_id,
        min(rules.rule_id) as rule_id,
        min(100 * rules.pass + rules.step) as rule_order
    from {{ ref('int_matching__rival_groups') }} as rival_groups
    inner join {{ ref('int_matching__rules') }} as rules on rival_groups.rule_id = rules.rule_id
    group by rival_groups.reconciliation, rival_groups.transaction_id
),

wanted as (
    select transaction_id from {{ ref('int_matching__evidence_named') }}
    union
    select candidate_transaction_id as transaction_id from {{ ref('int_matching__evidence_alike') }}
    union
    select transaction_id from unmatched
)

select
    items.reconciliation,
    items.tenant_id,
    items.processor,
    items.role,
    items.left_one,
    items.event_class,
    items.group_class,
    items.direction,
    items.currency,
    items.transaction_id,
    items.native_id,
    items.amount_minor,
    items.net_minor,
    items.business_date,
    items.status,
    items.dead_rank,
    items.exclusion,
    {% for column in key_columns() if column != 'native_id' %}
        items.{{ column }},
    {% endfor %}
    unmatched.transaction_id is not null as is_open,
    questions.rule_id as question_rule_id,
    questions.rule_order as question_order,
    coalesce(unmatched.is_taken_apart, false) as is_taken_apart,
    open_items.state,
    open_items.reason_code,
    coalesce({{ has_candidates_told('open_items') }}, false) as is_asked
from items
inner join wanted on items.transaction_id = wanted.transaction_id
left join unmatched
    on items.reconciliation = unmatched.reconciliation and items.transaction_id = unmatched.transaction_id
left join open_items
    on items.reconciliation = open_items.reconciliation and items.transaction_id = open_items.transaction_id
left join questions
    on items.reconciliation = questions.reconciliation and items.transaction_id = questions.transaction_id
