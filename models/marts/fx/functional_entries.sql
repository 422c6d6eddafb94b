with placed as (
    select * from {{ ref('int_fx__posted') }}
),

currencies as (
    select * from {{ ref('currencies') }}
)

select
    {{ key_hash('fln', ['placed.functional_entry_id', 'placed.line_key']) }} as functional_line_id,
    placed.functional_entry_id,
    placed.tenant_id,
    placed.line_kind,
    cast(placed.posted_on as date) as posted_on,
    cast(placed.posting_period as date) as posting_period,
    placed.posted_to as account_code,
    placed.account_name,
    cast(greatest(placed.amount_minor, 0) as bigint) as debit_minor,
    {{ major_units('greatest(placed.amount_minor, 0)', 'currencies.exponent') }} as debit,
    cast(greatest(-placed.amount_minor, 0) as bigint) as credit_minor,
    {{ major_units('greatest(-placed.amount_minor, 0)', 'currencies.exponent') }} as credit,
    cast(placed.amount_minor as bigint) as amount_minor,
    {{ major_units('placed.amount_minor', 'currencies.exponent') }} as amount,
    placed.functional_currency as currency,
    placed.transaction_currency,
    cast(placed.transaction_minor as bigint) as transaction_amount_minor,
    {{ major_units('placed.transaction_minor', 'placed.transaction_exponent') }} as transaction_amount,
    cast(placed.rate as decimal(20, 12)) as rate,
    cast(placed.rate_published_on as date) as rate_published_on,
    placed.ledger_line_id,
    placed.entry_id,
    placed.transaction_id,
    placed.settlement_id
from placed
inner join currencies on placed.functional_currency = currencies.currency
