-- No line was ever written into a month that was closed then, the first build of all aside. A closing speaks from its own moment, or from
-- the build it was made of where that is later by the clock it was pinned to.
with journal as (
    select
        ledger_entries.*,
        min(recorded_at) over () as began_at
    from {{ ref('ledger_entries') }} as ledger_entries
),

closed_periods as (
    select
        tenant_id,
        cast(period || '-01' as date) as period,
        greatest(closed_at, coalesce(built_as_of, closed_at)) as closed_at,
        reopened_at
    from {{ source('ops', 'closed_periods') }}
),

broken as (
    select journal.ledger_line_id
    from journal
    inner join closed_periods
        on
            journal.tenant_id = closed_periods.tenant_id
            and journal.posting_period = closed_periods.period
            and journal.recorded_at > closed_periods.closed_at
            and coalesce(journal.recorded_at < closed_periods.reopened_at, true)
    where journal.recorded_at > journal.began_at
    group by journal.ledger_line_id
)

select
    'closed_months_stay' as control,
    journal.tenant_id,
    'journal' as scope,
    'rows' as measure,
    journal.currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(count(*) - count(broken.ledger_line_id) as decimal(28, 4)) as found
from journal
left join broken on journal.ledger_line_id = broken.ledger_line_id
group by journal.tenant_id, journal.currency
