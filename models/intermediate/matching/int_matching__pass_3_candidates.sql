with near as (
    select * from {{ ref('int_matching__fuzzy_near') }}
),

fuzzy_rows as (
    select * from {{ ref('int_matching__fuzzy_rows') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

paired as (
    select
        near.reconciliation,
        near.left_transaction_id,
        near.right_transaction_id,
        lefts.tenant_id,
        lefts.processor,
        lefts.currency,
        lefts.compared_minor as left_amount_minor,
        rights.compared_minor as right_amount_minor,
        lefts.business_date as left_date,
        rights.business_date as right_date,
        lefts.key_text as left_key_text,
        rights.key_text as right_key_text,
        rights.day_number - lefts.day_number as days_apart,
        abs(rights.compared_minor - lefts.compared_minor) as apart_minor,
        {{ tolerance_reach('abs(lefts.compared_minor)', 'rules') }} as reach_minor,
        {{ text_similarity('lefts.key_value', 'rights.key_value') }} as similarity,
        {{ likeness('lefts.customer_id', 'rights.customer_id') }} as same_customer,
        {{ likeness('lefts.merchant_id', 'rights.merchant_id') }} as same_merchant,
        rules.rule_id,
        rules.rule_version,
        rules.pass,
        rules.days_before,
        rules.days_after,
        rules.similarity_min,
        rules.margin_min,
        rules.proposes_from,
        rules.reference_weight,
        rules.amount_weight,
        rules.days_weight,
        rules.customer_weight,
        rules.merchant_weight
    from near
    inner join fuzzy_rows as lefts
        on near.left_transaction_id = lefts.transaction_id and near.reconciliation = lefts.reconciliation
    inner join fuzzy_rows as rights
        on near.right_transaction_id = rights.transaction_id and near.reconciliation = rights.reconciliation
    inner join rules on near.rule_id = rules.rule_id
    where
        {{ within_tolerance('rules', 'lefts.compared_minor', 'rights.compared_minor') }}
        and {{ within_window('rules', 'lefts.day_number', 'rights.day_number') }}
        and {{ of_two_accounts('lefts.own_account', 'rights.own_account') }}
),

weighed as (
    select
        paired.*,
        reference_weight * coalesce(similarity, 50)
        + amount_weight * (100 - {{ whole_share('100 * apart_minor', 'reach_minor + 1') }})
        + days_weight * (100 - {{ whole_share('100 * abs(days_apart)', 'greatest(days_before, days_after) + 1') }})
        + customer_weight * same_customer
        + merchant_weight * same_merchant as weight,
        reference_weight + amount_weight + days_weight + customer_weight + merchant_weight as full_weight
    from paired
)

select
    weighed.*,
    {{ whole_share('weight', 'full_weight') }} as score
from weighed
where similarity >= similarity_min or similarity is null or similarity_min is null
