-- Opening balance, activity and payouts make the closing balance that the processor states, where reports of all that moved are there.
select
    'processor_balances' as control,
    tenant_id,
    source || ' ' || source_account as scope,
    'periods' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when opening_minor + moved_minor = closing_minor then 1 else 0 end) as decimal(28, 4)) as found
from {{ ref('processor_balances') }}
where is_whole
group by tenant_id, source, source_account, currency
