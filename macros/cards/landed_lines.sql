{# The steps every staging model of a card acquirer begins with: the lines of a raw table, the documents that count, currencies. #}
{% macro landed_lines(source_name, table) -%}
lines as (
    select * from {{ source(source_name, table) }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)
{%- endmacro %}
