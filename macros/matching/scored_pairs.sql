{# The steps from near pairs to `scored`: those within the tolerance and the window of their rule, with the likeness of their references and the score.
   Comparing texts costs more than all the rest, so it comes last: `could_be` is true for the pairs that equal references would bring to where
   the rule proposes, false for the others. The condition takes one of the two, or both. #}
{% macro scored_pairs(near, could_be) -%}
fuzzy_rows as (
    select * from {{ ref('int_matching__fuzzy_rows') }}
),

gated as (
    select
        near.reconciliation,
        near.left_transaction_id,
        near.right_transaction_id,
        lefts.compared_minor as left_amount_minor,
        rights.compared_minor as right_amount_minor,
        rights.day_number - lefts.day_number as days_apart,
        abs(rights.compared_minor - lefts.compared_minor) as apart_minor,
        {{ tolerance_reach('abs(lefts.compared_minor)', 'rules') }} as reach_minor,
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
    from {{ near }} as near
    inner join fuzzy_rows as lefts
        on near.left_transaction_id = lefts.transaction_id and near.reconciliation = lefts.reconciliation
    inner join fuzzy_rows as rights
        on near.right_transaction_id = rights.transaction_id and near.reconciliation = rights.reconciliation
    inner join {{ ref('int_matching__rules') }} as rules on near.rule_id = rules.rule_id
    where
        {{ within_tolerance('rules', 'lefts.compared_minor', 'rights.compared_minor') }}
        and {{ within_window('rules', 'lefts.day_number', 'rights.day_number') }}
        and {{ of_two_accounts('lefts.own_account', 'rights.own_account') }}
),

weighed as (
    select
        gated.*,
        amount_weight * (100 - {{ whole_share('100 * apart_minor', 'reach_minor + 1') }})
        + days_weight * (100 - {{ whole_share('100 * abs(days_apart)', 'greatest(days_before, days_after) + 1') }})
        + customer_weight * same_customer
        + merchant_weight * same_merchant as other_weight,
        reference_weight + amount_weight + days_weight + customer_weight + merchant_weight as full_weight
    from gated
),

worth_reading as (
    select * from weighed
    where ({{ whole_share('other_weight + 100 * reference_weight', 'full_weight') }} >= proposes_from) is {{ '' if could_be else 'not ' }}true
),

-- a row stands in several pairs, so its letters are taken apart once
lettered as (
    select
        reconciliation,
        transaction_id,
        tenant_id,
        processor,
        currency,
        business_date,
        key_text,
        key_value,
        {{ letter_pairs('key_value') }} as letter_pairs
    from fuzzy_rows
),

compared as (
    select
        worth_reading.*,
        lefts.tenant_id,
        lefts.processor,
        lefts.currency,
        lefts.business_date as left_date,
        rights.business_date as right_date,
        lefts.key_text as left_key_text,
        rights.key_text as right_key_text,
        {{ text_similarity('lefts.key_value', 'rights.key_value', 'lefts.letter_pairs', 'rights.letter_pairs') }} as similarity
    from worth_reading
    inner join lettered as lefts
        on worth_reading.left_transaction_id = lefts.transaction_id and worth_reading.reconciliation = lefts.reconciliation
    inner join lettered as rights
        on worth_reading.right_transaction_id = rights.transaction_id and worth_reading.reconciliation = rights.reconciliation
),

scored as (
    select
        compared.*,
        {{ whole_share('other_weight + reference_weight * coalesce(similarity, 50)', 'full_weight') }} as score
    from compared
    where similarity >= similarity_min or similarity is null or similarity_min is null
)
{%- endmacro %}

{# What is kept of a scored pair. #}
{% macro scored_columns() -%}
    reconciliation,
    left_transaction_id,
    right_transaction_id,
    tenant_id,
    processor,
    currency,
    left_amount_minor,
    right_amount_minor,
    left_date,
    right_date,
    left_key_text,
    right_key_text,
    days_apart,
    apart_minor,
    similarity,
    same_customer,
    same_merchant,
    rule_id,
    rule_version,
    pass,
    margin_min,
    proposes_from,
    score
{%- endmacro %}
