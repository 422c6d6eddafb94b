-- Each line of an account with open items, beside what its item comes to.
with items as (
    select * from {{ ref('int_ledger__items') }}
),

ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

lines as (
    select
        items.*,
        ledger_entries.tenant_id,
        ledger_entries.account_code,
        ledger_entries.currency,
        ledger_entries.posted_on,
        ledger_entries.amount_minor
    from items
    inner join ledger_entries on items.ledger_line_id = ledger_entries.ledger_line_id
),

balances as (
    select
        tenant_id,
        account_code,
        currency,
        item_id,
        sum(amount_minor) as item_balance_minor
    from lines
    group by tenant_id, account_code, currency, item_id
)

select
    lines.*,
    cast(balances.item_balance_minor as bigint) as item_balance_minor
from lines
inner join balances
    on
        lines.tenant_id = balances.tenant_id
        and lines.account_code = balances.account_code
        and lines.currency = balances.currency
        and lines.item_id = balances.item_id
