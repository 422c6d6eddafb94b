with legs as (
    select * from {{ ref('int_ledger__legs') }}
),

chart_of_accounts as (
    select * from {{ ref('chart_of_accounts') }}
),

match_members as (
    select * from {{ ref('match_members') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- A transaction is in at most one match (control_matched_once); two of them must not double the books. A proposal settles nothing: its
-- rows stand on the clearing account like open items.
matched as (
    select
        transaction_id,
        min(match_id) as match_id
    from match_members
    where status = 'matched'
    group by transaction_id
),

lines as (
    select
        legs.*,
        chart_of_accounts.account_name,
        matched.match_id,
        greatest(legs.amount_minor, 0) as debit_minor,
        greatest(-legs.amount_minor, 0) as credit_minor,
        currencies.exponent
    from legs
    inner join chart_of_accounts on legs.account_code = chart_of_accounts.account_code
    inner join currencies on legs.currency = currencies.currency
    left join matched on legs.transaction_id = matched.transaction_id
)

select
    {{ key_hash('lin', ['transaction_id', 'posting_rule_id', 'leg']) }} as ledger_line_id,
    {{ key_hash('ent', ['transaction_id', 'posting_rule_id']) }} as entry_id,
    tenant_id,
    posted_on,
    account_code,
    account_name,
    debit_minor,
    {{ major_units('debit_minor', 'exponent') }} as debit,
    credit_minor,
    {{ major_units('credit_minor', 'exponent') }} as credit,
    amount_minor,
    {{ major_units('amount_minor', 'exponent') }} as amount,
    currency,
    event_type,
    transaction_id,
    match_id,
    memo,
    posting_rule_id,
    leg,
    1 as sequence,
    'original' as entry_kind,
    cast(null as {{ dbt.type_string() }}) as reverses_entry_id,
    {{ as_of() }} as recorded_at,
    cast({{ dbt.date_trunc('month', 'posted_on') }} as date) as posting_period
from lines
