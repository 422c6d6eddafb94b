with ambiguous as (
    select * from {{ ref('int_discrepancies__open_items') }}
    where state = 'ambiguous' and reason_code != 'other_currency'
)

select
    'ambiguous' as kind,
    {{ break_identity() }},
    expected_minor,
    0 as found_minor,
    abs(amount_minor) as amount_at_risk_minor,
    first_seen_on,
    reason as explanation
from ambiguous
