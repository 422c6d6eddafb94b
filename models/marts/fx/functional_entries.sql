with known as (
    select * from {{ ref('int_fx__known') }}
),

ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

accounts as (
    select * from {{ ref('int_fx__accounts') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

lines as (
    select
        known.*,
        accounts.account_name,
        ledger_entries.transaction_id,
        case when known.line_kind = 'booked' then ledger_entries.amount_minor end as transaction_minor,
        -- a match is made and undone without a line of the books changing
        coalesce(known.settlement_id, ledger_entries.match_id) as met_in
    from known
    left join accounts on known.tenant_id = accounts.tenant_id and known.account_code = accounts.account_code
    left join ledger_entries on known.ledger_line_id = ledger_entries.ledger_line_id
)

select
    {{ key_hash('fln', ['lines.functional_entry_id', 'lines.line_key', 'lines.account_code']) }} as functional_line_id,
    lines.functional_entry_id,
    lines.tenant_id,
    lines.line_kind,
    lines.posted_on,
    lines.posting_period,
    lines.account_code,
    lines.account_name,
    cast(greatest(lines.amount_minor, 0) as bigint) as debit_minor,
    {{ major_units('greatest(lines.amount_minor, 0)', 'currencies.exponent') }} as debit,
    cast(greatest(-lines.amount_minor, 0) as bigint) as credit_minor,
    {{ major_units('greatest(-lines.amount_minor, 0)', 'currencies.exponent') }} as credit,
    cast(lines.amount_minor as bigint) as amount_minor,
    {{ major_units('lines.amount_minor', 'currencies.exponent') }} as amount,
    lines.functional_currency as currency,
    lines.transaction_currency,
    cast(lines.transaction_minor as bigint) as transaction_amount_minor,
    {{ major_units('lines.transaction_minor', 'moved_in.exponent') }} as transaction_amount,
    lines.rate,
    lines.rate_published_on,
    lines.ledger_line_id,
    lines.entry_id,
    lines.transaction_id,
    lines.met_in as settlement_id,
    lines.recorded_at
from lines
inner join currencies on lines.functional_currency = currencies.currency
left join currencies as moved_in on lines.transaction_currency = moved_in.currency
