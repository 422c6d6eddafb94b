{# One kind of what went back beyond a sale, as a break; `returned` says in words what the sum is of. #}
{% macro overreturned_break(kind, returned) -%}
with overreturned as (
    select
        overreturned.*,
        {{ amount_text('overreturned.sold_minor', 'currencies.exponent', 'overreturned.currency') }} as sold,
        {{ amount_text('overreturned.returned_minor', 'currencies.exponent', 'overreturned.currency') }} as returned
    from {{ ref('int_discrepancies__overreturned') }} as overreturned
    inner join {{ ref('currencies') }} as currencies on overreturned.currency = currencies.currency
    where overreturned.kind = '{{ kind }}'
)

select
    kind,
    {{ break_identity() }},
    -sold_minor as expected_minor,
    -returned_minor as found_minor,
    amount_at_risk_minor,
    business_date as first_seen_on,
    'Sold for ' || reference || ': ' || sold || '; {{ returned }}: ' || returned || '.' as explanation
from overreturned
{%- endmacro %}
