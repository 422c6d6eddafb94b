{# The steps `under_key` and `ruled_keys`: what stands under each key, from `candidates`, in one aggregate. A key with one row on each side
   that keeps to the rule's tolerance and window is settled: there is nothing to choose. #}
{% macro ruled_keys() -%}
under_key as (
    select
        {{ key_identity() }},
        sum(left_one) as left_count,
        sum(1 - left_one) as right_count,
        min(rule_id) as rule_id,
        min(key_text) as key_text,
        min(case when left_one = 1 then transaction_id end) as left_transaction_id,
        min(case when left_one = 0 then transaction_id end) as right_transaction_id,
        min(case when left_one = 1 then compared_minor end) as left_amount_minor,
        min(case when left_one = 0 then compared_minor end) as right_amount_minor,
        min(case when left_one = 1 then business_date end) as left_date,
        min(case when left_one = 0 then business_date end) as right_date,
        min(case when left_one = 1 then day_number end) as left_day,
        min(case when left_one = 0 then day_number end) as right_day,
        min(case when left_one = 1 then own_account end) as left_account,
        min(case when left_one = 0 then own_account end) as right_account
    from candidates
    group by {{ key_identity() }}
),

ruled_keys as (
    select
        under_key.*,
        rules.pass,
        rules.rule_version,
        rules.confidence,
        case
            when under_key.left_amount_minor = under_key.right_amount_minor then 'equal amounts'
            else 'the only pair left under the key'
        end as basis,
        under_key.left_count = 1
        and under_key.right_count = 1
        and {{ within_tolerance('rules', 'under_key.left_amount_minor', 'under_key.right_amount_minor') }}
        and {{ within_window('rules', 'under_key.left_day', 'under_key.right_day') }}
        and {{ of_two_accounts('under_key.left_account', 'under_key.right_account') }} as is_settled
    from under_key
    inner join {{ ref('int_matching__rules') }} as rules on under_key.rule_id = rules.rule_id
    where under_key.left_count > 0 and under_key.right_count > 0
)
{%- endmacro %}

{# The rows of settled keys, two a pair, with the columns of `decided`. #}
{% macro settled_rows() -%}
    {%- for role in ['left', 'right'] %}
    select
        reconciliation,
        pass,
        rule_id,
        rule_version,
        confidence,
        tenant_id,
        processor,
        currency,
        {{ role }}_transaction_id as transaction_id,
        '{{ role }}' as role,
        {{ role }}_amount_minor as amount_minor,
        {{ role }}_date as business_date,
        left_transaction_id as group_key,
        0 as stretch,
        key_text,
        left_transaction_id as pair_key,
        basis
    from ruled_keys
    where is_settled
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
