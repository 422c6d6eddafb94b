-- The journal with every line on an account: rounding and differences go to the tenant's account of that role. As of this build: what is
-- booked is in int_fx__known.
with journal as (
    select * from {{ ref('int_fx__journal') }} where amount_minor != 0
),

accounts as (
    select * from {{ ref('int_fx__accounts') }}
),

by_role as (
    select * from accounts where role like 'fx!_%' escape '!' and place_in_role = 1
)

select
    journal.*,
    coalesce(accounts.account_code, by_role.account_code) as posted_to
from journal
left join accounts on journal.tenant_id = accounts.tenant_id and journal.account_code = accounts.account_code
left join by_role on journal.tenant_id = by_role.tenant_id and journal.role = by_role.role
