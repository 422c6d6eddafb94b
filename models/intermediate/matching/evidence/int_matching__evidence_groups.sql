-- Whole groups of pass 4 that an open item stands in and that did not come true: both sums under the key, as they are now.
with keys as (
    select * from {{ ref('int_matching__evidence_keys') }} where is_open
),

evidence_rows as (
    select * from {{ ref('int_matching__evidence_rows') }} where coalesce(exclusion, 'key_conflict') = 'key_conflict'
),

rules as (
    select * from {{ ref('int_matching__rules') }} where pass = 4 and step = 1
),

grouped as (
    select
        evidence_rows.*,
        keys.is_asked as is_told,
        rules.rule_id,
        keys.key_value,
        {{ compared_by_rule('rules', 'evidence_rows') }} as compared_minor,
        {{ key_hash('sum', [
            'evidence_rows.reconciliation', 'rules.rule_id', 'evidence_rows.tenant_id', 'evidence_rows.processor', 'evidence_rows.currency',
            "case when rules.mixes_classes then evidence_rows.group_class "
            ~ "else evidence_rows.event_class || ' ' || cast(evidence_rows.direction as " ~ dbt.type_string() ~ ') end',
            'keys.key_value'
        ]) }} as group_key
    from keys
    inner join rules on keys.rule_id = rules.rule_id
    inner join evidence_rows
        on keys.reconciliation = evidence_rows.reconciliation and keys.transaction_id = evidence_rows.transaction_id
    where rules.takes_failed or evidence_rows.dead_rank = 0
),

sums as (
    select
        group_key,
        sum(left_one) as left_count,
        sum(1 - left_one) as right_count,
        sum(case when exclusion is null then 0 else 1 end) as barred_count,
        cast(sum(left_one * compared_minor) as bigint) as left_minor,
        cast(sum((1 - left_one) * compared_minor) as bigint) as right_minor
    from grouped
    group by group_key
)

select
    grouped.reconciliation,
    grouped.tenant_id,
    grouped.transaction_id,
    grouped.rule_id,
    grouped.currency,
    grouped.key_value,
    sums.left_count,
    sums.right_count,
    sums.barred_count,
    sums.left_minor,
    sums.right_minor
from grouped
inner join sums on grouped.group_key = sums.group_key
where grouped.is_told and sums.left_count > 0 and sums.right_count > 0 and sums.left_count + sums.right_count > 2
