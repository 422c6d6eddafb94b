with items as (
    select * from {{ ref('int_matching__items') }}
),

rules as (
    select * from {{ ref('match_rules') }}
),

decided_by_hand as (
    select * from {{ ref('int_matching__decided_by_hand') }}
),

-- What a person has decided on, either way, no rule touches. Conflicting rows have a key too, though no pass takes them: their
-- counterpart is not missing.
undecided as (
    select items.*
    from items
    left join decided_by_hand
        on
            items.reconciliation = decided_by_hand.reconciliation
            and items.transaction_id = decided_by_hand.transaction_id
    where coalesce(items.exclusion, 'key_conflict') = 'key_conflict' and decided_by_hand.transaction_id is null
),

ruled as (
    select
        undecided.*,
        rules.pass,
        rules.rule_id,
        rules.key_form,
        rules.amount_tolerance_minor,
        rules.date_window_days,
        case when undecided.role = 'left' then rules.left_key else rules.right_key end as key_column
    from undecided
    inner join rules on undecided.reconciliation = rules.reconciliation
    where rules.pass > 0 and (rules.takes_failed or undecided.dead_rank = 0)
),

keyed as (
    select
        ruled.*,
        case key_column
            when 'processor_reference' then processor_reference
            when 'reference' then reference
            when 'order_id' then order_id
            when 'trace_reference' then trace_reference
            when 'payout_id' then payout_id
            when 'authorization_code' then authorization_code
        end as key_text
    from ruled
),

formed as (
    select
        keyed.*,
        case when key_form = 'normalised' then {{ normalised_reference('key_text') }} else key_text end as key_value
    from keyed
)

select
    formed.*,
    {{ key_hash('any', ['rule_id', 'tenant_id', 'processor', 'event_class', 'key_value']) }} as id_key,
    {{ key_hash('grp', ['rule_id', 'tenant_id', 'processor', 'event_class', 'key_value', 'direction', 'currency']) }}
        as group_key
from formed
where key_value is not null and key_value != '' and processor is not null
