{# What a contract can tell transactions apart by. #}
{% macro fee_class_columns() -%}
    {{ return([
        'tenant_id', 'processor', 'source_account', 'event_type', 'currency', 'card_brand', 'card_product', 'card_funding', 'business_date'
    ]) }}
{%- endmacro %}
