-- What pass 4 tried with an open item as a whole: the group under its key, and the sums around it.
with groups as (
    select * from {{ ref('int_matching__evidence_groups') }}
),

open_items as (
    select * from {{ ref('int_matching__open') }} as open_items where {{ has_candidates_told('open_items') }}
),

targets as (
    select * from {{ ref('int_matching__sum_targets') }}
),

solved as (
    select reconciliation, target_id
    from {{ ref('int_matching__sum_solutions') }}
    group by reconciliation, target_id
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

group_words as (
    select
        groups.reconciliation, groups.tenant_id, groups.transaction_id, groups.rule_id, groups.currency,
        groups.left_minor, groups.right_minor,
        {{ tolerance_allowed('rules', 'groups.left_minor', 'groups.right_minor') }} as tolerance_minor,
        'group' as failed_gate,
        'rows: ' || cast(groups.left_count as {{ dbt.type_string() }}) || ' against ' || cast(groups.right_count as {{ dbt.type_string() }})
        || ' under ' || rules.left_key || ' ' || groups.key_value || ': ' as counted,
        case
            when groups.barred_count > 0 then 'one of them is in conflict, so nobody knows whether they are all'
            when not {{ within_tolerance('rules', 'groups.left_minor', 'groups.right_minor') }}
                then
                    {{ amount_text('groups.left_minor', 'currencies.exponent', 'groups.currency') }} || ' against '
                    || {{ amount_text('groups.right_minor', 'currencies.exponent', 'groups.currency') }} || ', they do not agree'
            else 'the sums agree, and the days are not all within the window or a second key differs'
        end as judged
    from groups
    inner join rules on groups.rule_id = rules.rule_id
    inner join currencies on groups.currency = currencies.currency
),

sum_words as (
    select
        targets.reconciliation, targets.tenant_id, targets.transaction_id, targets.rule_id, targets.currency,
        case when targets.left_one = 1 then targets.compared_minor end as left_minor,
        case when targets.left_one = 0 then targets.compared_minor end as right_minor,
        0 as tolerance_minor,
        'sum' as failed_gate,
        case when targets.is_searched then '' else 'sums not searched: ' end
        || cast(targets.candidate_count as {{ dbt.type_string() }}) || ' items' as counted,
        case
            when not targets.is_searched then ' > ' || cast(targets.max_items as {{ dbt.type_string() }})
            when solved.target_id is null then ': no sum of them is the amount'
            else ': more than one sum is the amount, or another needs its parts'
        end as judged
    from targets
    inner join open_items
        on targets.reconciliation = open_items.reconciliation and targets.transaction_id = open_items.transaction_id
    left join solved on targets.reconciliation = solved.reconciliation and targets.transaction_id = solved.target_id
),

together as (
    select * from group_words
    union all
    select * from sum_words
)

select
    together.*,
    rules.pass,
    rules.rule_version,
    rules.name as rule_name,
    rules.tolerance_base,
    currencies.exponent,
    together.counted || together.judged as why
from together
inner join rules on together.rule_id = rules.rule_id
inner join currencies on together.currency = currencies.currency
