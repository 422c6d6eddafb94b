{# The money events that lines of a card acquirer's file stand for, one select an event. `rows` names a step with the columns
   tenant_id, source, source_account, currency, reference, order_id, authorization_code, trace_reference, merchant_id,
   description, occurred_at, value_date, report_rank, and origin. An event says:
     event     its name; native_type is SQL where it differs from the name
     id        SQL: the same event reported again has the same
     amount    SQL: effect on the merchant in minor units; nothing at all is no event
     fee       SQL, positive = cost (0)
     payout    SQL: the payout it is part of (none)
     day       SQL: the day it belongs to (business_date)
     only      SQL: the rows it is for (all) #}
{% macro card_events(rows, events) %}
    {% for event in events %}
        select
            tenant_id,
            source,
            source_account,
            '{{ event.event }}' as event,
            {{ event.native_type or "'" ~ event.event ~ "'" }} as native_type,
            {{ event.id }} as native_id,
            cast({{ event.amount }} as bigint) as amount_minor,
            cast({{ event.fee or 0 }} as bigint) as fee_minor,
            currency,
            cast({{ event.payout or 'null' }} as {{ dbt.type_string() }}) as payout_id,
            reference,
            order_id,
            authorization_code,
            trace_reference,
            merchant_id,
            description,
            occurred_at,
            {{ event.day or 'business_date' }} as business_date,
            value_date,
            report_rank,
            _received_at,
            _document_id,
            _source_file,
            _source_line
        from {{ rows }}
        where {{ event.only or 'true' }} and {{ event.amount }} != 0 {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}

{# Parts of a name that people read and send, with a hyphen between them; what is not there is left out. #}
{% macro joined_key(parts) -%}
    {% for part in parts %}{{ "|| '-' || " if not loop.first }}coalesce(cast({{ part }} as {{ dbt.type_string() }}), ''){{ ' ' if not loop.last }}{% endfor %}
{%- endmacro %}
