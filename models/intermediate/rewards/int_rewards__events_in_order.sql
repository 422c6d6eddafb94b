{{ config(materialized='kept', kept_by='customer_id') }}

with events as (
    select * from {{ ref('int_rewards__events') }} {{ only_touched(wide=ref('int_rewards__events')) }}
)

-- The one order of a customer's history; everything after reads event_number. What is earned in the same instant as it is
-- redeemed counts as available, what is redeemed then can be taken back. Ids of the same instant: shorter first, then by
-- bytes, so that 9 comes before 10.
select
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
    cast(sum(case when is_lot then 1 else 0 end) over so_far as bigint) as lots_so_far,
    cast(sum(case when type = 'earned' then amount_minor else 0 end) over so_far as bigint) as earned_so_far,
    cast(sum(case when type = 'spent' then -amount_minor else 0 end) over so_far as bigint) as spent_so_far,
    cast(sum(case when type = 'expired' then -amount_minor else 0 end) over so_far as bigint) as expired_so_far,
    cast(sum(case when type = 'reversed' then amount_minor else 0 end) over so_far as bigint) as reversed_so_far,
    coalesce(
        is_lot and coalesce(expires_at, {{ end_of_time() }}) < max(case when is_lot then coalesce(expires_at, {{ end_of_time() }}) end)
            over (history rows between unbounded preceding and 1 preceding),
        false
    ) as expires_before_older,
    {{ touched_in() }}
from events
where problem is null
window
    history as (
        partition by tenant_id, currency, customer_id
        order by
            created_at, case type when 'earned' then 0 when 'reversed' then 2 else 1 end, length(trans_id), {{ bytewise('trans_id') }}
    ),
    so_far as (history rows unbounded preceding)
