with missing as (
    select * from {{ ref('int_discrepancies__open_items') }}
    where state = 'missing' and kind_when_missing = 'missing_at_processor'
)

select
    'missing_at_processor' as kind,
    {{ break_identity() }},
    expected_minor,
    0 as found_minor,
    abs(amount_minor) as amount_at_risk_minor,
    first_seen_on,
    reason as explanation
from missing
