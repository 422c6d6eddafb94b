{{ config(materialized='kept', kept_by='customer_id') }}

with results as (
    select * from {{ ref('int_rewards__results') }} {{ only_touched(numbered=true) }}
)

select
    tenant_id,
    customer_id,
    currency,
    cast(sum(case when type = 'earned' then amount_minor else 0 end) as bigint) as earned_minor,
    cast(sum(case when type = 'spent' then -amount_minor else 0 end) as bigint) as spent_minor,
    cast(sum(case when type = 'expired' then -amount_minor else 0 end) as bigint) as expired_minor,
    cast(sum(case when type = 'reversed' then amount_minor else 0 end) as bigint) as reversed_minor,
    cast(sum(amount_minor) as bigint) as balance_minor,
    cast(sum(open_amount_minor) as bigint) as open_lots_minor,
    cast(sum(still_unfunded_minor) as bigint) as unfunded_minor,
    cast(sum(unmatched_amount_minor) as bigint) as unmatched_minor,
    cast(count(*) as bigint) as event_count,
    cast(sum(case when open_amount_minor > 0 then 1 else 0 end) as bigint) as open_lot_count,
    max(created_at) as last_event_at
from results
group by tenant_id, customer_id, currency
