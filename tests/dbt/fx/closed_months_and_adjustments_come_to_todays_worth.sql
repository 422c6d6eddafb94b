-- What stays in closed months and what adjusts it in open ones is together what rates and matches of this build say, account by account.
{{ config(meta={'dagster': {'ref': {'name': 'functional_entries'}}}, group='fx') }}
with compared as (
    select tenant_id, account_code, functional_currency, amount_minor
    from {{ ref('int_fx__known') }}
    union all
    select tenant_id, posted_to as account_code, functional_currency, -amount_minor as amount_minor
    from {{ ref('int_fx__posted') }}
)

select tenant_id, account_code, functional_currency, sum(amount_minor) as off_minor
from compared
group by tenant_id, account_code, functional_currency
having sum(amount_minor) != 0
