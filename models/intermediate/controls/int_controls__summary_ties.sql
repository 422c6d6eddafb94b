{% set states = ['matched', 'proposed', 'expected', 'missing', 'ambiguous', 'excluded'] %}
with summary as (
    select * from {{ ref('reconciliation_summary') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

standing as (
    select reconciliation, role, transaction_id, status as state
    from {{ ref('match_members') }}
    union all
    select reconciliation, role, transaction_id, state
    from {{ ref('open_items') }}
),

figures as (
    select
        transactions.tenant_id,
        standing.reconciliation || ' ' || standing.role || ' ' || standing.state as scope,
        transactions.currency,
        1 as expected_rows,
        0 as found_rows,
        transactions.amount_minor as expected_minor,
        0 as found_minor
    from standing
    inner join transactions on standing.transaction_id = transactions.transaction_id
    {% for state in states %}
        union all
        select
            tenant_id, reconciliation || ' ' || role || ' {{ state }}' as scope, currency, 0 as expected_rows,
            {{ state }}_count as found_rows, 0 as expected_minor, {{ state }}_amount_minor as found_minor
        from summary
    {% endfor %}
)

select
    'summary_ties' as control,
    tenant_id,
    scope,
    'rows' as measure,
    currency,
    cast(sum(expected_rows) as decimal(28, 4)) as expected,
    cast(sum(found_rows) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, currency
having sum(expected_rows) != 0 or sum(found_rows) != 0
union all
select
    'summary_ties' as control,
    tenant_id,
    scope,
    'amount' as measure,
    currency,
    cast(sum(expected_minor) as decimal(28, 4)) as expected,
    cast(sum(found_minor) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, currency
having sum(expected_minor) != 0 or sum(found_minor) != 0
