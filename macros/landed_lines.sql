{# The steps a staging model begins with: the lines of a raw table, the documents that count, currencies where amounts are read. #}
{% macro landed_lines(source_name, table, has_amounts=true) -%}
lines as (
    select * from {{ source(source_name, table) }}
),

documents as (
    select * from {{ ref('stg_documents__current') }}
)
{%- if has_amounts %},

currencies as (
    select * from {{ ref('currencies') }}
)
{%- endif %}
{%- endmacro %}

{# How a staging model of such lines ends: where each comes from, and the steps above joined. `currency` is SQL for what amounts are in; none
   where there are no amounts. #}
{% macro from_landed_lines(currency='documents.currency') -%}
-- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
{%- if currency %}
left join currencies on {{ currency }} = currencies.currency
{%- endif %}
{%- endmacro %}
