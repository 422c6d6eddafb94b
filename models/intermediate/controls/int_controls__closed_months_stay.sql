-- No line was ever written into a month that was closed then, the first build of a tenant's books aside. A close covers every month up to
-- its own; one of rewards binds their entries alone. A closing speaks from its own moment, or from the build it was made of where that is
-- later by the clock it was pinned to.
with written as (
    select
        'journal' as scope,
        tenant_id,
        currency,
        posting_period,
        recorded_at,
        {{ of_rewards('transaction_id') }} as is_of_rewards,
        count(*) as line_count
    from {{ ref('ledger_entries') }}
    group by tenant_id, currency, posting_period, recorded_at, {{ of_rewards('transaction_id') }}
    union all
    -- these are bound by a close of the books alone, also where they are about rewards
    select
        'books in one currency' as scope,
        tenant_id,
        currency,
        posting_period,
        recorded_at,
        false as is_of_rewards,
        count(*) as line_count
    from {{ ref('functional_entries') }}
    group by tenant_id, currency, posting_period, recorded_at
),

journal as (
    select
        *,
        min(recorded_at) over (partition by scope, tenant_id) as began_at
    from written
),

closings as (
    select tenant_id, cast(period || '-01' as date) as period, true as binds_all, closed_at, built_as_of, reopened_at
    from {{ source('ops', 'closed_periods') }}
    union all
    select tenant_id, period, false as binds_all, closed_at, built_as_of, reopened_at
    from {{ source('ops', 'closed_reward_periods') }}
),

broken as (
    select
        journal.scope, journal.tenant_id, journal.currency, journal.posting_period, journal.recorded_at, journal.is_of_rewards
    from journal
    inner join closings
        on
            journal.tenant_id = closings.tenant_id
            and (closings.binds_all or journal.is_of_rewards)
            and journal.posting_period <= closings.period
            and journal.recorded_at > greatest(closings.closed_at, coalesce(closings.built_as_of, closings.closed_at))
            and coalesce(journal.recorded_at < closings.reopened_at, true)
    where journal.recorded_at > journal.began_at
    group by journal.scope, journal.tenant_id, journal.currency, journal.posting_period, journal.recorded_at, journal.is_of_rewards
)

select
    'closed_months_stay' as control,
    journal.tenant_id,
    journal.scope,
    'rows' as measure,
    journal.currency,
    cast(sum(journal.line_count) as decimal(28, 4)) as expected,
    cast(sum(case when broken.tenant_id is null then journal.line_count else 0 end) as decimal(28, 4)) as found
from journal
left join broken
    on
        journal.scope = broken.scope
        and journal.tenant_id = broken.tenant_id
        and journal.currency = broken.currency
        and journal.posting_period = broken.posting_period
        and journal.recorded_at = broken.recorded_at
        and journal.is_of_rewards = broken.is_of_rewards
group by journal.scope, journal.tenant_id, journal.currency
