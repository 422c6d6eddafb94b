-- A payout is what the processor paid out, and its explanation is the net of the movements that name it: both are
-- worked out again here. Whether a payout is fully explained is a break (payout_does_not_tie), not a fault of ours.
with transactions as {{ read_in_place() }} (
    select * from {{ ref('transactions') }} where side = 'processor'
),

payouts as (
    select * from {{ ref('payouts') }}
),

payout_sources as (
    select * from {{ ref('payout_sources') }}
),

movements as (
    select
        tenant_id,
        source,
        source_account,
        payout_id,
        currency,
        sum(net_minor) as net_minor
    from transactions
    where
        event_type != 'payout'
        and (event_type != 'payout_reversal' or processor_reference is distinct from payout_id)
    group by tenant_id, source, source_account, payout_id, currency
),

paid as (
    select
        transactions.tenant_id,
        transactions.source,
        transactions.transaction_id,
        transactions.currency,
        -transactions.amount_minor as amount_minor,
        transactions.fee_minor,
        movements.net_minor as members_minor,
        transactions.source_account,
        coalesce(transactions.payout_id, transactions.transaction_id) as payout_id,
        case
            when transactions.has_conflict or transactions.status in ('failed', 'canceled') then transactions.transaction_id
        end as stands_alone
    from transactions
    left join movements
        on
            transactions.tenant_id = movements.tenant_id
            and transactions.source = movements.source
            and transactions.source_account = movements.source_account
            and transactions.payout_id = movements.payout_id
            and transactions.currency = movements.currency
    where transactions.event_type = 'payout'
),

-- Payouts that share an id share its movements: together they are explained by all of them, and one at most does not tie.
judged as (
    select
        coalesce(paid.tenant_id, payouts.tenant_id) as tenant_id,
        coalesce(paid.source, payouts.source) as source,
        coalesce(paid.currency, payouts.currency) as currency,
        paid.members_minor,
        sum(payouts.explained_minor + paid.fee_minor) over same_id as explained_minor,
        sum(case when payouts.unexplained_minor = 0 then 0 else 1 end) over same_id as untied,
        coalesce(
            payouts.amount_minor = paid.amount_minor
            and payouts.unexplained_minor = paid.amount_minor - payouts.explained_minor
            and payouts.is_explained is not distinct from
            case
                when paid.amount_minor = payouts.explained_minor then true
                when payouts.explained_by = 'balance' and paid.members_minor is null then true
                when coalesce(payout_sources.states_members, true) then false
            end,
            false
        ) as is_right
    from paid
    full outer join payouts on paid.transaction_id = payouts.transaction_id
    left join payout_sources on coalesce(paid.source, payouts.source) = payout_sources.source
    window same_id as (
        partition by paid.tenant_id, paid.source, paid.source_account, paid.currency, paid.payout_id, paid.stands_alone
    )
),

compared as (
    select
        judged.*,
        is_right
        and coalesce(explained_minor = coalesce(members_minor, 0) and (untied <= 1 or members_minor is null), false) as agrees
    from judged
)

select
    'payouts_explained' as control,
    tenant_id,
    source as scope,
    'payouts' as measure,
    currency,
    cast(count(*) as decimal(28, 4)) as expected,
    cast(sum(case when agrees then 1 else 0 end) as decimal(28, 4)) as found
from compared
group by tenant_id, source, currency
