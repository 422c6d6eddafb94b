with answers as (
    select
        tenant_id,
        reconciliation,
        transaction_id
    from {{ ref('match_members') }}
    union all
    select
        tenant_id,
        reconciliation,
        transaction_id
    from {{ ref('open_items') }}
),

answered as (
    select
        tenant_id,
        reconciliation,
        transaction_id,
        count(*) as times_answered
    from answers
    group by tenant_id, reconciliation, transaction_id
)

select
    'matched_once' as control,
    tenant_id,
    reconciliation as scope,
    'rows' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when times_answered = 1 then 1 else 0 end) as decimal(28, 4)) as found
from answered
group by tenant_id, reconciliation
