{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events') }} {{ only_touched() }}
)

-- The one order of a customer's history; everything after reads event_number. What is earned in the same instant as it is
-- redeemed counts as available, what is redeemed then can be taken back. Ids of the same instant: shorter first, then by
-- bytes, so that 9 comes before 10.
select
    reward_transaction_id,
    tenant_id,
    customer_id,
    currency,
    trans_id,
    type,
    order_id,
    reason,
    amount_minor,
    created_at,
    business_date,
    expires_at,
    is_lot,
    row_number() over history as event_number,
    coalesce(
        is_lot and coalesce(expires_at, {{ end_of_time() }}) < max(case when is_lot then coalesce(expires_at, {{ end_of_time() }}) end)
            over (history rows between unbounded preceding and 1 preceding),
        false
    ) as expires_before_older,
    {{ touched_in() }}
from events
where problem is null
window history as (
    partition by tenant_id, currency, customer_id
    order by
        created_at, case type when 'earned' then 0 when 'reversed' then 2 else 1 end, length(trans_id), {{ bytewise('trans_id') }}
)
