{% set account = 'tenant_id, source, source_account, currency' %}
-- What moved a processor's balance in a month, under the processor's words. What the books leave out moved nothing.
with

moves as (
    select
        transactions.tenant_id, transactions.source, transactions.source_account, transactions.currency,
        cast({{ dbt.date_trunc('month', 'transactions.business_date') }} as date) as period,
        transactions.event_type,
        coalesce(transactions.native_type, '(none)') as native_type,
        transactions.amount_minor, transactions.fee_minor, transactions.net_minor
    from {{ ref('transactions') }} as transactions
    left join {{ ref('unposted_transactions') }} as unposted on transactions.transaction_id = unposted.transaction_id
    where transactions.side = 'processor' and unposted.transaction_id is null
),

added as (
    select
        {{ account }}, period, event_type, native_type,
        count(*) as movement_count,
        sum(amount_minor) as gross_minor,
        sum(fee_minor) as fee_minor,
        sum(net_minor) as net_minor
    from moves
    group by {{ account }}, period, event_type, native_type
),

categories as (
    select * from {{ ref('int_payouts__reporting_categories') }}
)

select
    added.tenant_id, added.source, added.source_account, added.currency, added.period,
    case when added.event_type in ('payout', 'payout_reversal') then 'payouts' else 'activity' end as section,
    case
        when added.event_type in ('payout', 'payout_reversal') then added.event_type else categories.reporting_category
    end as reporting_category,
    cast(sum(added.movement_count) as integer) as movement_count,
    cast(sum(added.gross_minor) as bigint) as gross_minor,
    cast(sum(added.fee_minor) as bigint) as fee_minor,
    cast(sum(added.net_minor) as bigint) as net_minor
from added
left join categories
    on added.source = categories.source and added.native_type = categories.native_type and added.event_type = categories.event_type
group by
    added.tenant_id, added.source, added.source_account, added.currency, added.period,
    case when added.event_type in ('payout', 'payout_reversal') then 'payouts' else 'activity' end,
    case
        when added.event_type in ('payout', 'payout_reversal') then added.event_type else categories.reporting_category
    end
