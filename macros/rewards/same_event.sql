{# Whether two relations speak of one customer's history in one currency; and of one event of it, whose number stands in `number` of the first. #}
{% macro same_history(one, other) -%}
    {{ one }}.tenant_id = {{ other }}.tenant_id and {{ one }}.currency = {{ other }}.currency and {{ one }}.customer_id = {{ other }}.customer_id
{%- endmacro %}

{% macro same_event(one, other, number='event_number') -%}
    {{ same_history(one, other) }} and {{ one }}.{{ number }} = {{ other }}.event_number
{%- endmacro %}

{# The name of an event, as the marts have it. Of a row that contradicts another of the same id, all it says is in the name. #}
{% macro reward_transaction_id(relation) -%}
    {{ key_hash('rwd', [relation ~ '.tenant_id', relation ~ '.trans_id']) }}
{%- endmacro %}

{% macro contradicting_reward_transaction_id(relation) -%}
    {%- set parts = [] -%}
    {%- for column in ['tenant_id', 'trans_id', 'native_type', 'created_at', 'customer_id', 'amount_minor', 'currency'] -%}
        {%- do parts.append(relation ~ '.' ~ column) -%}
    {%- endfor -%}
    {{ key_hash('rwd', parts) }}
{%- endmacro %}
