{# What the name of a Stripe report says of it, as far as it has been left as Stripe gave it: which report, from which day to which
   (ISO text, never cast: a name may hold anything), and the one currency it is limited to. Null where the name does not say. #}
{% macro stripe_report_kind(file_name) -%}
    case
        when {{ ascii_lower(file_name) }} like '%ending%balance%' then 'ending_balance'
        when {{ ascii_lower(file_name) }} like '%payout%reconciliation%' then 'payout_reconciliation'
        when {{ ascii_lower(file_name) }} like '%balance%change%' then 'activity'
        when {{ ascii_lower(file_name) }} like '%payouts%' then 'payouts'
        when {{ ascii_lower(file_name) }} like '%balance%' then 'balance'
    end
{%- endmacro %}

{% macro stripe_report_from(file_name) -%}
    {{ regexp_first(file_name, '([0-9]{4}-[0-9]{2}-[0-9]{2})[ _-]to[ _-][0-9]{4}-[0-9]{2}-[0-9]{2}') }}
{%- endmacro %}

{% macro stripe_report_to(file_name) -%}
    {{ regexp_first(file_name, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ _-]to[ _-]([0-9]{4}-[0-9]{2}-[0-9]{2})') }}
{%- endmacro %}

{% macro stripe_report_currency(file_name) -%}
    {{ regexp_first(file_name, '[ _-]([A-Z]{3})[ _-][0-9]{4}-[0-9]{2}-[0-9]{2}[ _-]to[ _-]') }}
{%- endmacro %}
