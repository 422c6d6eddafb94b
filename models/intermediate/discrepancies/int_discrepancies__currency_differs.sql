-- One break for the two rows, told from the left; the other side's row is its counterpart.
with other_currency as (
    select * from {{ ref('int_discrepancies__open_items') }}
    where reason_code = 'other_currency' and role = 'left'
)

select
    'currency_differs' as kind,
    {{ break_identity() }},
    expected_minor,
    0 as found_minor,
    abs(amount_minor) as amount_at_risk_minor,
    first_seen_on,
    reason as explanation
from other_currency
