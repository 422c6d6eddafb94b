-- Of the tenant's closings those of its books: a close of rewards alone leaves exchange rates free.
with closed_months as (
    {{ closed_months() | indent }}
)

select
    tenant_id,
    closed_until,
    books_into
from closed_months
where not is_of_rewards
