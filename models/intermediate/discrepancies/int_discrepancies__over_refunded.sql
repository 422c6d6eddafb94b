with overreturned as (
    select
        overreturned.*,
        {{ amount_text('overreturned.sold_minor', 'currencies.exponent', 'overreturned.currency') }} as sold,
        {{ amount_text('overreturned.returned_minor', 'currencies.exponent', 'overreturned.currency') }} as returned
    from {{ ref('int_discrepancies__overreturned') }} as overreturned
    inner join {{ ref('currencies') }} as currencies on overreturned.currency = currencies.currency
    where overreturned.kind = 'over_refunded'
)

select
    kind,
    {{ break_identity() }},
    -sold_minor as expected_minor,
    -returned_minor as found_minor,
    amount_at_risk_minor,
    business_date as first_seen_on,
    'Sold for ' || reference || ': ' || sold || '; refunded: ' || returned || '.' as explanation
from overreturned
