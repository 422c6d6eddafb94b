{# The steps both staging models of Stripe's summaries begin with; the model goes on from `typed`, and joins currencies to it. #}
{% macro stripe_totals(table) -%}
{{ landed_lines('stripe', table) }},

typed as (
    select
        lines.*,
        documents.tenant_id,
        documents.source,
        coalesce({{ clean_text('lines.connected_account') }}, documents.source_account) as source_account,
        documents.received_at,
        {{ ascii_upper('lines.currency') }} as currency_code
    from lines
    inner join documents on lines._document_id = documents.document_id
)
{%- endmacro %}
