{# Whether an entry is one of rewards, by the name of its transaction: the transaction may be gone, its name stays.
   Names are made by reward_transaction_id and in reward_valuations; a test of int_ledger__postables holds it to that. #}
{% macro of_rewards(transaction_id) -%}
    substring({{ transaction_id }}, 1, 4) in ('rwd_', 'rvl_')
{%- endmacro %}
