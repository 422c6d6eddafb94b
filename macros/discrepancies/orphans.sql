{# Returns of some kinds of event that have no sale, as a break of one kind. #}
{% macro orphan_break(kind, event_types) -%}
with orphans as (
    select * from {{ ref('int_discrepancies__orphans') }} where event_type in ('{{ event_types | join("', '") }}')
)

select
    '{{ kind }}' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    amount_minor as found_minor,
    abs(amount_minor) as amount_at_risk_minor,
    business_date as first_seen_on,
    'A ' || replace(event_type, '_', ' ') || ' for ' || reference || ', of which ' || source || ' reported no sale.' as explanation
from orphans
{%- endmacro %}
