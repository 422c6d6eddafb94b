{# What two rows of one side must share before they can be one event told twice. #}
{% macro same_kind(rows, others) -%}
    {{ rows }}.reconciliation = {{ others }}.reconciliation
            and {{ rows }}.tenant_id = {{ others }}.tenant_id
            and {{ rows }}.role = {{ others }}.role
            and {{ rows }}.processor = {{ others }}.processor
            and {{ rows }}.event_class = {{ others }}.event_class
            and {{ rows }}.currency = {{ others }}.currency
{%- endmacro %}

{# What tells whether a row repeats another. #}
{% macro duplicate_columns(rows) -%}
    {%- for column in [
        'reconciliation', 'tenant_id', 'role', 'processor', 'event_class', 'currency', 'amount_minor', 'direction', 'processor_reference',
        'reference', 'authorization_code', 'business_date', 'occurred_at', 'one_per_id', 'transaction_id'
    ] %}
        {{ rows }}.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
