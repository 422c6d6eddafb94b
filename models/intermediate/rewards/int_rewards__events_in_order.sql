with events as (
    select * from {{ ref('int_rewards__events') }}
)

-- The one order of a customer's history; everything after reads event_number. What is earned in the same instant as it is
-- redeemed counts as available. Ids of the same instant: shorter first, then by bytes, so that 9 comes before 10.
select
    *,
    row_number() over (
        partition by tenant_id, currency, customer_id
        order by created_at, case when is_lot then 0 else 1 end, length(trans_id), {{ bytewise('trans_id') }}
    ) as event_number
from events
where not has_conflict
