{# The steps every staging model of Stripe's API objects begins with: the objects of a raw table with their document's facts, and
   what their minor units are counted in. The model goes on from `typed`, and joins both currencies and exceptions to it. #}
{% macro stripe_objects(table) -%}
{{ landed_lines('stripe', table) }},

exceptions as (
    select * from {{ ref('currency_exceptions') }} where source = 'stripe'
),

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        documents.source_account,
        documents.time_zone,
        documents.received_at,
        {{ ascii_upper('lines.currency') }} as currency_code,
        {{ unix_timestamp('lines.created') }} as created_at
    from lines
    inner join documents on lines._document_id = documents.document_id
)
{%- endmacro %}

{# An amount of such an object in the currency's own minor units. #}
{% macro stripe_object_minor(column) -%}
    {{ sent_minor_units(column, 'coalesce(exceptions.sent_exponent, currencies.exponent)', 'currencies.minor_unit_factor') }}
{%- endmacro %}
