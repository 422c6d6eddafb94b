with events as (
    select tenant_id, transaction_id, side as scope
    from {{ ref('transactions') }}
    union all
    select tenant_id, reward_transaction_id as transaction_id, 'rewards' as scope
    from {{ ref('reward_transactions') }}
    union all
    select tenant_id, reward_valuation_id as transaction_id, 'closing entries of rewards' as scope
    from {{ ref('reward_valuations') }}
    where is_posted
    union all
    select tenant_id, {{ key_hash('wof', ['tenant_id', 'write_off_id']) }} as transaction_id, 'write-offs' as scope
    from {{ ref('write_offs') }}
    where written_off_on <= cast({{ as_of() }} as date)
    union all
    select tenant_id, {{ key_hash('fcl', ['transaction_id']) }} as transaction_id, 'fees off contract' as scope
    from {{ ref('fee_audit') }}
    where state in ('overcharged', 'undercharged')
    {% for event in ['accrued', 'invoice_true_up', 'invoice_paid'] %}
        {% set measure = event.replace('invoice_', '') %}
        union all
        select tenant_id, {{ key_hash('fme', ["'fee_" ~ event ~ "'", 'fee_month_id']) }} as transaction_id, 'fees billed' as scope
        from {{ ref('fee_accruals') }}
        where {{ measure }}_minor != 0
    {% endfor %}
),

entries as (
    select tenant_id, transaction_id, entry_id, min(entry_kind) as entry_kind
    from {{ ref('ledger_entries') }}
    group by tenant_id, transaction_id, entry_id
),

-- A reversal takes an answer back.
answers as (
    select tenant_id, transaction_id, case entry_kind when 'reversal' then -1 else 1 end as times
    from entries
    union all
    select tenant_id, transaction_id, 1 as times
    from {{ ref('unposted_transactions') }}
),

answered as (
    select
        tenant_id,
        transaction_id,
        sum(times) as times_answered
    from answers
    group by tenant_id, transaction_id
    having sum(times) != 0
),

-- Neither an event without an answer nor an entry without an event.
compared as (
    select
        coalesce(events.tenant_id, answered.tenant_id) as tenant_id,
        coalesce(events.scope, 'entry without an event') as scope,
        case when events.transaction_id is not null and answered.times_answered = 1 then 1 else 0 end as is_once
    from events
    full outer join answered
        on events.transaction_id = answered.transaction_id and events.tenant_id = answered.tenant_id
)

select
    'every_transaction_posts_once' as control,
    tenant_id,
    scope,
    'rows' as measure,
    cast(null as {{ dbt.type_string() }}) as currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(is_once) as decimal(28, 4)) as found
from compared
group by tenant_id, scope
