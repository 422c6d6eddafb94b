{# What every rule says, one row per column: a column that a later release adds is then no change of the rules before it.
   The comment is left out: it may be put better at any time. #}
{% macro rule_words(rules) -%}
    {%- set columns = [
        'effective_from', 'reconciliation', 'tenant_id', 'processor', 'pass', 'step', 'name', 'left_key', 'right_key', 'left_second_key',
        'right_second_key', 'key_form', 'takes_failed', 'amount_basis', 'amount_tolerance_minor', 'amount_tolerance_bps', 'tolerance_base',
        'fee_tolerance_minor', 'days_before', 'days_after', 'calendar', 'similarity_min', 'margin_min', 'mixes_classes', 'proposes_from',
        'reference_weight', 'amount_weight', 'days_weight', 'customer_weight', 'merchant_weight', 'max_items', 'confidence', 'confirms_from',
    ] -%}
    {% for column in columns %}
        select
            rule_id,
            rule_version,
            '{{ column }}' as column_name,
            coalesce(cast({{ column }} as {{ dbt.type_string() }}), '') as said
        from {{ rules }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}
