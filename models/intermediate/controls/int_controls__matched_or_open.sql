with in_scope as (
    select * from {{ ref('int_controls__in_scope') }}
),

answered as (
    select
        reconciliation,
        role,
        transaction_id
    from {{ ref('match_members') }}
    union all
    select
        reconciliation,
        role,
        transaction_id
    from {{ ref('open_items') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

figures as (
    select
        reconciliation,
        role,
        tenant_id,
        currency,
        1 as expected_rows,
        0 as found_rows,
        abs(amount_minor) as expected_minor,
        0 as found_minor
    from in_scope
    union all
    select
        answered.reconciliation,
        answered.role,
        coalesce(transactions.tenant_id, 'nobody') as tenant_id,
        transactions.currency,
        0 as expected_rows,
        1 as found_rows,
        0 as expected_minor,
        abs(coalesce(transactions.amount_minor, 0)) as found_minor
    from answered
    left join transactions on answered.transaction_id = transactions.transaction_id
)

select
    'matched_or_open' as control,
    tenant_id,
    reconciliation || ' ' || role as scope,
    'rows' as measure,
    currency,
    cast(sum(expected_rows) as decimal(28, 4)) as expected,
    cast(sum(found_rows) as decimal(28, 4)) as found
from figures
group by tenant_id, reconciliation, role, currency
union all
select
    'matched_or_open' as control,
    tenant_id,
    reconciliation || ' ' || role as scope,
    'amount' as measure,
    currency,
    cast(sum(expected_minor) as decimal(28, 4)) as expected,
    cast(sum(found_minor) as decimal(28, 4)) as found
from figures
group by tenant_id, reconciliation, role, currency
