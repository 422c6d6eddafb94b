{# What the posting rules need to know of rows of `transactions`: who tells it, what hinders it, and its amounts. #}
{% macro money_events(transactions) -%}
select
    transaction_id,
    tenant_id,
    case
        when side = 'bank' and processor is not null then 'bank_processor'
        when side = 'bank' then 'bank_other'
        else side
    end as party,
    source,
    event_type,
    status,
    case when has_conflict then 'conflict' end as problem,
    currency,
    amount_minor as gross_minor,
    fee_minor,
    coalesce(fee_tax_minor, 0) as fee_tax_minor,
    net_minor,
    0 as allocated_minor,
    0 as unfunded_minor,
    business_date as posted_on
from {{ transactions }}
{%- endmacro %}

{# What posting_exclusions ask of an event beside its kind. #}
{% macro posting_condition() -%}
case
    when problem is not null then problem
    -- only the processor's own row books its fee
    when gross_minor = 0 and (fee_minor = 0 or party != 'processor') then 'no_amount'
    else 'none'
end
{%- endmacro %}

{# Which exclusion speaks of which event: lowest priority first; `any` fits everything. #}
{% macro exclusion_fits(exclusions, events) -%}
{% for column in ['party', 'source', 'event_type', 'status', 'condition'] -%}
{{ exclusions }}.{{ column }} in ('any', {{ events }}.{{ column }})
{{ 'and ' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{# What a leg of a rule puts on its account. #}
{% macro leg_amount(rules, events) -%}
{{ rules }}.factor * case {{ rules }}.basis
    {% for basis in ['gross', 'fee', 'net', 'allocated', 'unfunded'] -%}
    when '{{ basis }}' then {{ events }}.{{ basis }}_minor
    {% endfor -%}
    when 'tax' then {{ events }}.fee_tax_minor
end
{%- endmacro %}
