{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events_in_order') }} {{ only_touched(numbered=true) }}
),

readings as (
    select * from {{ ref('int_rewards__readings') }}
),

features as (
    select
        tenant_id,
        currency,
        customer_id,
        max(case when type = 'reversed' then 1 else 0 end) as has_reversals,
        max(case when type = 'expired' then 1 else 0 end) as has_expired,
        max(case when expires_before_older then 1 else 0 end) as has_other_expiry_order
    from events
    group by tenant_id, currency, customer_id
)

-- Where lots expire in the order in which they were earned, the oldest lot is also the one that expires first: then one
-- axis of earned units holds the whole history. Everything else goes redemption by redemption.
select
    readings.mode,
    features.tenant_id,
    features.currency,
    features.customer_id,
    features.has_reversals = 1 as has_reversals
from features
inner join readings on true
where
    features.has_reversals = 1
    or readings.lot_order = 'newest_first'
    or (readings.lot_order = 'earliest_expiry_first' and features.has_other_expiry_order = 1)
    or (readings.expired_rows = 'by_date' and features.has_expired = 1 and features.has_other_expiry_order = 1)
