{# The columns of a pair, in the order every pass gives them: one left row and one right row that are the same event. #}
{% macro pair_columns() -%}
    reconciliation,
    pass,
    rule_id,
    rule_version,
    tenant_id,
    processor,
    currency,
    left_transaction_id,
    right_transaction_id,
    left_amount_minor,
    right_amount_minor,
    left_date,
    right_date,
    key_text,
    basis,
    confidence
{%- endmacro %}

{# The pairs among the rows of a step of a crowded key. #}
{% macro crowded_pairs(crowded) -%}
    select
        lefts.reconciliation,
        lefts.pass,
        lefts.rule_id,
        lefts.rule_version,
        lefts.tenant_id,
        lefts.processor,
        lefts.currency,
        lefts.transaction_id as left_transaction_id,
        rights.transaction_id as right_transaction_id,
        lefts.amount_minor as left_amount_minor,
        rights.amount_minor as right_amount_minor,
        lefts.business_date as left_date,
        rights.business_date as right_date,
        lefts.key_text,
        lefts.basis,
        lefts.confidence
    from {{ crowded }} as lefts
    inner join {{ crowded }} as rights
        on lefts.pair_key = rights.pair_key and lefts.role = 'left' and rights.role = 'right'
{%- endmacro %}

{# The transactions of pairs, one a row, to leave out what is settled. #}
{% macro paired_ids(pairs) -%}
    select reconciliation, left_transaction_id as transaction_id from {{ pairs }}
    union all
    select reconciliation, right_transaction_id as transaction_id from {{ pairs }}
{%- endmacro %}
