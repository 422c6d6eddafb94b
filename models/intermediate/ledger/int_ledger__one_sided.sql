-- What would leave an entry one-sided: a rule whose legs do not sum to zero whatever the amounts are, rows of rewards that post by the
-- rule of another type, and legs that do not sum to zero as they stand. A view, so that it speaks of the legs that are there.
{{ config(materialized='view') }}

with rules as (
    select * from {{ ref('int_ledger__rules_in_force') }}
),

legs as (
    select * from {{ ref('int_ledger__legs') }}
),

reward_reasons as (
    select * from {{ ref('reward_reasons') }}
),

-- Of which type the rows of an event of rewards are.
reward_events as (
    {% for event_type, type in {
        'reward_spent': 'spent', 'reward_expired': 'expired', 'reward_reversed': 'reversed', 'reward_expiry_reversed': 'reversed',
        'reward_earned': 'earned', 'reward_breakage_expected': 'month end', 'reward_deferral': 'month end'
    }.items() %}
        select '{{ event_type }}' as event_type, '{{ type }}' as type
        union all
    {% endfor %}
    select event_type, type
    from reward_reasons
),

reward_types as (
    select
        event_type,
        max(case when type in ('spent', 'expired', 'reversed') then 1 else 0 end) = 1 as is_use,
        min(type) as first_type,
        max(type) as last_type
    from reward_events
    group by event_type
),

-- Net is gross less fee and tax a part of the fee, so the factors must cancel out by basis. Gross of a use of rewards, or of its reversal,
-- is minus what lots paid minus what nobody paid; every other event has neither.
factors as (
    select
        rules.tenant_id, rules.party, rules.event_type, rules.valid_from, min(rules.posting_rule_id) as posting_rule_id,
        max(case when rules.party = 'rewards' and reward_types.is_use then 1 else 0 end) as uses,
        sum(case when rules.basis in ('gross', 'net') then rules.factor else 0 end) as gross,
        sum(case when rules.basis = 'net' then rules.factor when rules.basis = 'fee' then -rules.factor else 0 end) as fee,
        sum(case when rules.basis = 'tax' then rules.factor else 0 end) as tax,
        sum(case when rules.basis = 'allocated' then rules.factor else 0 end) as allocated,
        sum(case when rules.basis = 'unfunded' then rules.factor else 0 end) as unfunded
    from rules
    left join reward_types on rules.event_type = reward_types.event_type
    group by rules.tenant_id, rules.party, rules.event_type, rules.valid_from
),

entries as (
    select tenant_id, transaction_id, posting_rule_id
    from legs
    group by tenant_id, transaction_id, posting_rule_id
    having sum(amount_minor) != 0
),

unbalanced as (
    select tenant_id, posting_rule_id, count(*) as entry_count, min(transaction_id) as transaction_id
    from entries
    group by tenant_id, posting_rule_id
)

select 'one_sided' as fault, tenant_id, posting_rule_id, 'its legs do not sum to zero whatever the amounts are' as what
from factors
where fee != 0 or tax != 0 or allocated != gross * uses or unfunded != gross * uses or gross != gross * uses
union all
select
    'unbalanced' as fault, tenant_id, posting_rule_id,
    'transactions whose legs do not sum to zero: ' || cast(entry_count as {{ dbt.type_string() }})
    || ', the first ' || transaction_id as what
from unbalanced
union all
select
    'mixed_types' as fault, '*' as tenant_id, event_type as posting_rule_id,
    'reward_reasons has rows of type ' || first_type || ' and of type ' || last_type || ' post by it' as what
from reward_types
where first_type != last_type
