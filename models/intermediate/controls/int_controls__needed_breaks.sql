-- What must be told as a break, found without asking the room of the breaks.
with open_items as (
    select * from {{ ref('open_items') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }}
),

told_by_reference as (
    select
        tenant_id,
        event_type,
        coalesce({{ normalised_reference('reference') }}, reference) || ' ' || cast(amount_minor as {{ dbt.type_string() }}) as return_name,
        case
            when coalesce(status, '') in ('failed', 'canceled') then 0
            when event_type in ('refund', 'chargeback', 'chargeback_reversal') then 1
            else 0
        end as goes_back,
        sum(case when event_type = 'charge' then 1 else 0 end)
            over (partition by tenant_id, side, source, source_account, reference) as sale_count
    from transactions
    where reference is not null
),

needs as (
    select
        open_items.tenant_id,
        case
            when open_items.state = 'missing' and open_items.role = 'left' then reconciliations.kind_when_right_missing
            when open_items.state = 'missing' then reconciliations.kind_when_left_missing
            when open_items.reason_code in ('rivals', 'conflict_opposite') then 'ambiguous'
            when open_items.reason_code = 'other_currency' then 'currency_differs'
            else 'duplicate'
        end as kind,
        -- missing in two reconciliations is two breaks
        case when open_items.state = 'missing' then open_items.reconciliation || ' ' else '' end || open_items.transaction_id as subject
    from open_items
    inner join reconciliations on open_items.reconciliation = reconciliations.reconciliation
    where
        open_items.state = 'missing'
        or open_items.reason_code in ('rivals', 'conflict_opposite', 'duplicate')
        or (open_items.reason_code = 'other_currency' and open_items.role = 'left')
    union all
    select tenant_id, 'amount_differs' as kind, match_id as subject
    from {{ ref('matches') }}
    where difference_minor != 0 and status = 'matched'
    union all
    select tenant_id, 'proposed_match' as kind, match_id as subject
    from {{ ref('matches') }}
    where status = 'proposed'
    union all
    select tenant_id, 'payout_does_not_tie' as kind, transaction_id as subject
    from {{ ref('payouts') }}
    where amount_minor != explained_minor and is_explained is not null and explained_by != 'balance'
    union all
    select tenant_id, 'duplicate' as kind, transaction_id as subject
    from transactions
    where times_in_one_file > 1 and not has_conflict
    union all
    select tenant_id, 'unknown_event_type' as kind, transaction_id as subject
    from transactions
    where event_type = 'unknown'
    union all
    -- one return told by two parties is one break
    select tenant_id, case event_type when 'refund' then 'orphan_refund' else 'orphan_chargeback' end as kind, return_name as subject
    from told_by_reference
    where goes_back = 1 and sale_count = 0
    union all
    select tenant_id, 'key_conflict' as kind, source || ' ' || native_id as subject
    from transactions
    where has_conflict
    union all
    select
        tenant_id,
        case
            when problem = 'conflict' then 'key_conflict'
            when problem is not null then 'reward_' || problem
            when unmatched_amount_minor > 0 then 'reward_reversal_unmatched'
            when still_unfunded_minor > 0 then 'unfunded_redemption'
            else 'reward_expiry_overdue'
        end as kind,
        case problem when 'conflict' then 'thrive_cash ' || trans_id else reward_transaction_id end as subject
    from {{ ref('reward_transactions') }}
    where
        problem is not null
        or unmatched_amount_minor + still_unfunded_minor > 0
        or (open_amount_minor > 0 and expires_at <= {{ as_of() }})
)

select
    tenant_id,
    kind,
    subject
from needs
group by tenant_id, kind, subject
