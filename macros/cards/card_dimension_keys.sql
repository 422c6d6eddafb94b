{# Keys of the card dimensions, from the columns of a step of int_cards__sale_lines. #}
{% macro card_store_id(rows) -%}
    {{ key_hash('store', [rows ~ '.tenant_id', rows ~ '.source', rows ~ '.source_account', rows ~ '.establishment']) }}
{%- endmacro %}

{% macro card_product_id(rows) -%}
    {{ key_hash('product', [rows ~ '.tenant_id', rows ~ '.source', rows ~ '.product_code']) }}
{%- endmacro %}

{% macro card_payment_method_id(rows) -%}
    {{ key_hash('method', [rows ~ '.tenant_id', rows ~ '.source', rows ~ '.brand_code', rows ~ '.product_code']) }}
{%- endmacro %}
