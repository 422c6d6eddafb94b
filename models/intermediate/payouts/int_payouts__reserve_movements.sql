with

-- As the chart of the tenant has them.
reserve_accounts as (
    select
        tenant_id,
        account_code
    from {{ ref('account_balances') }}
    where role = 'reserve'
    group by tenant_id, account_code
),

-- As the books have it: what is not booked moves no reserve, and what is booked late or corrected moves it in the month it is booked in.
lines as (
    select
        ledger_entries.ledger_line_id,
        ledger_entries.transaction_id,
        ledger_entries.posting_period,
        ledger_entries.amount_minor
    from {{ ref('ledger_entries') }} as ledger_entries
    inner join reserve_accounts
        on ledger_entries.tenant_id = reserve_accounts.tenant_id and ledger_entries.account_code = reserve_accounts.account_code
),

movements as (
    select
        transactions.*,
        lines.ledger_line_id,
        lines.posting_period,
        lines.amount_minor as reserve_minor
    from {{ ref('transactions') }} as transactions
    inner join lines on transactions.transaction_id = lines.transaction_id
),

reserve_movements as (
    select * from {{ ref('reserve_movements') }}
),

kinds as (
    select
        source,
        coalesce(native_type, '(none)') as native_type,
        event_type
    from movements
    group by source, coalesce(native_type, '(none)'), event_type
),

spoken_of as (
    {{ most_exact('kinds', 'reserve_movements', 'movement') }}
)

select
    movements.ledger_line_id,
    movements.transaction_id,
    movements.tenant_id,
    movements.processor,
    movements.source,
    movements.source_account,
    movements.currency,
    movements.posting_period as period,
    spoken_of.says as movement,
    -- + fills the reserve
    movements.reserve_minor
from movements
left join spoken_of
    on movements.source = spoken_of.source
        and coalesce(movements.native_type, '(none)') = spoken_of.native_type
        and movements.event_type = spoken_of.event_type
        and spoken_of.place = 1
