with journal as (
    select * from {{ ref('int_ledger__journal') }} where recorded_at <= {{ as_of() }}
),

unwritten as (
    select * from {{ ref('int_ledger__unwritten') }}
),

accounts as (
    select * from {{ ref('int_ledger__accounts') }}
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

known as (
    select * from journal
    union all
    select * from unwritten
),

lines as (
    select
        known.*,
        accounts.account_name,
        matched.match_id,
        greatest(known.amount_minor, 0) as debit_minor,
        greatest(-known.amount_minor, 0) as credit_minor,
        currencies.exponent
    from known
    inner join currencies on known.currency = currencies.currency
    left join accounts on known.tenant_id = accounts.tenant_id and known.account_code = accounts.account_code
    left join matched on known.transaction_id = matched.transaction_id
)

select
    ledger_line_id,
    entry_id,
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
    case entry_kind when 'reversal' then 'Reversal: ' when 'correction' then 'Correction: ' else '' end || memo as memo,
    posting_rule_id,
    leg,
    sequence,
    entry_kind,
    reverses_entry_id,
    recorded_at,
    posting_period
from lines
