-- Rows that a key brings together and nothing tells apart.
{% for crowded in ['pass_1_crowded', 'pass_2_step_1', 'pass_2_step_2', 'pass_2_step_3'] %}
    select reconciliation, pass, rule_id, transaction_id, role, group_key, stretch, key_text
    from {{ ref('int_matching__' ~ crowded) }}
    where pair_key is null {{ 'union all' if not loop.last }}
{% endfor %}
