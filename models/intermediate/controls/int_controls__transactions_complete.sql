-- Every staged row is one report of one transaction: a repeated report counts on it, nothing is dropped.
with figures as (
    select
        tenant_id,
        source,
        currency,
        row_count as expected_rows,
        0 as found_rows,
        amount_minor as expected_minor,
        0 as found_minor
    from {{ ref('int_controls__staged_money') }}
    where is_booked
    union all
    select
        tenant_id,
        source,
        currency,
        0 as expected_rows,
        times_reported as found_rows,
        0 as expected_minor,
        amount_minor * times_reported as found_minor
    from {{ ref('transactions') }}
    union all
    select
        tenant_id,
        'thrive_cash' as source,
        currency,
        0 as expected_rows,
        times_reported as found_rows,
        0 as expected_minor,
        amount_minor * times_reported as found_minor
    from {{ ref('reward_transactions') }}
)

select
    'transactions_complete' as control,
    tenant_id,
    source as scope,
    'rows' as measure,
    currency,
    cast(sum(expected_rows) as decimal(28, 4)) as expected,
    cast(sum(found_rows) as decimal(28, 4)) as found
from figures
group by tenant_id, source, currency
union all
select
    'transactions_complete' as control,
    tenant_id,
    source as scope,
    'amount' as measure,
    currency,
    cast(sum(expected_minor) as decimal(28, 4)) as expected,
    cast(sum(found_minor) as decimal(28, 4)) as found
from figures
group by tenant_id, source, currency
