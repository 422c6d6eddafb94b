{% for step in ['pass_0_groups', 'pass_4_groups', 'pass_4_sums'] %}
    select
        reconciliation, pass, rule_id, rule_version, confidence, tenant_id, processor, currency, transaction_id, role,
        amount_minor, business_date, group_key, key_text, basis
    from {{ ref('int_matching__' ~ step) }} {{ 'union all' if not loop.last }}
{% endfor %}
