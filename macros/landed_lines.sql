{# The steps a staging model begins with (the card acquirers', the house format's): the lines of a raw table, the documents that
   count, currencies. #}
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

{# How a card acquirer's staging model of such lines ends: where each comes from, and the steps above joined. #}
{% macro from_landed_lines() -%}
-- origin
    documents.received_at as _received_at,
    lines._document_id,
    lines._source_file,
    lines._source_line
from lines
inner join documents on lines._document_id = documents.document_id
left join currencies on documents.currency = currencies.currency
{%- endmacro %}
